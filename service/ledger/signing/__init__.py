"""Who is to sign what, what was signed, beside which files, by which power of attorney."""
