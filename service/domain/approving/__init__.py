"""Who approves a document in which turn, and by whose power of attorney."""
