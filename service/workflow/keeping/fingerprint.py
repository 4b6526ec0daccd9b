"""What a file is known by in manifests: its size and hashes, Streebog where it can be reckoned."""

from __future__ import annotations

from dataclasses import dataclass

from service.ledger.files import sha256
from signing import digests
from signing.errors import GostNotInstalled


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Size and hexadecimal hashes of one body."""

    size: int
    sha256: str
    streebog256: str | None  # GOST R 34.11-2012; None: GOST is not installed here


def fingerprint(body: bytes) -> Fingerprint:
    """Return what a body is known by."""
    return Fingerprint(len(body), sha256(body), streebog256(body))


def streebog256(body: bytes) -> str | None:
    """Return the GOST R 34.11-2012 hash, as `openssl dgst -md_gost12_256` prints it, or None."""
    try:
        return digests.digest("streebog256", body).hex()
    except GostNotInstalled:
        return None
