"""What happened to each document and whatever hangs on it: rows, and moves that cannot be lost."""
