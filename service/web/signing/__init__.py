"""Routes of signing sessions, and the page where people sign."""
