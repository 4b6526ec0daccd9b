"""Signatures in PDF files: bytes in, bytes out. It knows fields and keys, and nothing of schools.

`session` signs in three steps, `verify` judges, `trust` and `timestamps` speak to authorities,
`stamp` draws the mark, `authority` plays an authority for demonstrations and tests.
"""
