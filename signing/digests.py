"""Digests by the names algorithms have in asn1crypto, Streebog among them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from signing.gost import streebog

if TYPE_CHECKING:
    from hashlib import _Hash as Digest


def new(name: str) -> Digest:
    """Return an empty hashlib object; `name` is `sha256`, `sha512`, `streebog256`, ….

    Raises GostNotInstalled for Streebog where OpenSSL lacks it, ValueError for unknown names.
    """
    return streebog.new(name) if name in streebog.NAMES_IN_OPENSSL else hashlib.new(name)


def digest(name: str, data: bytes) -> bytes:
    """Return the digest of `data`; `name` and errors as in `new`."""
    made = new(name)
    made.update(data)
    return made.digest()
