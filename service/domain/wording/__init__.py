"""How papers say things: numerals and nouns, names, dates, plain text."""
