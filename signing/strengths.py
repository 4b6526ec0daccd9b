"""The algorithms of a signature in words of the field, for people who read reports."""

from __future__ import annotations

from types import MappingProxyType

from signing import document
from signing.certificates import Certificate
from signing.claims import Claim
from signing.errors import DocumentUnreadable
from signing.reports import Algorithms

DIGESTS = MappingProxyType(
    {
        "streebog256": "ГОСТ Р 34.11-2012 (Стрибог), 256 бит",
        "streebog512": "ГОСТ Р 34.11-2012 (Стрибог), 512 бит",
    }
)
KEYS = MappingProxyType(
    {
        "gost2012_256": "ГОСТ Р 34.10-2012, 256 бит",
        "gost2012_512": "ГОСТ Р 34.10-2012, 512 бит",
        "rsa": "RSA, {bits} бит",
        "rsassa_pss": "RSA-PSS, {bits} бит",
        "ec": "ECDSA, {bits} бит",
        "ed25519": "Ed25519",
        "ed448": "Ed448",
    }
)


def algorithms_of(claim: Claim) -> Algorithms:
    """Return what a signature was made with; an unknown name stands as it is."""
    name = claim.digest
    digest = DIGESTS.get(name) or (name.upper().replace("SHA", "SHA-") if name else "")
    try:
        with document.reading(DocumentUnreadable("")):
            return Algorithms(digest, _key(claim.certificate))
    except DocumentUnreadable:
        return Algorithms(digest, "")


def _key(certificate: Certificate) -> str:
    key = certificate.public_key
    words: str = KEYS.get(key.algorithm, key.algorithm)
    return words.format(bits=key.bit_size) if "{" in words else words
