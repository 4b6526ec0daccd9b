"""Signatures in PDF files: bytes in, bytes out. It knows fields and keys, and nothing of schools.

`session` signs in three steps with a key of `keys` or `pkcs11`, or takes what a client elsewhere
made (`answers`); `detached` does the same beside any file. `verify` judges, `extend` makes a file
provable for longer, `evidence` does so for thousands at once. `trust` and `timestamps` speak to
authorities, `stamp` draws the mark, `gost` knows GOST R 34.10-2012, `authority` plays an authority
for demonstrations and tests.
"""
