"""Contents to pages: measured, set, and written as PDF/A and as DOCX."""
