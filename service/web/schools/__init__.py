"""Routes of schools, their settings and their log."""
