"""Streebog as a hash of `cryptography`, because pyHanko computes its digests through that library.

pyHanko looks an algorithm up by name, `hashes.STREEBOG256()`, and hands it to `hashes.Hash`, which
is compiled, knows no Streebog and cannot be taught one. So one thing outside this package is
replaced: `cryptography.hazmat.primitives.hashes.Hash`, by a function that serves Streebog here and
passes everything else on. It happens when the first GOST key is met or Streebog algorithm made:
pyHanko's functions that we use make the algorithm in one line and name `hashes.Hash` in the next.
Those that do both in one (0.38: `PdfSigner`, `async_validate_detached`) would take the old name if
nothing of GOST was met before. A process that meets no GOST keeps the library as it was.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes

from signing import digests
from signing.gost import streebog

_compiled = hashes.Hash


class Streebog256(hashes.HashAlgorithm):
    """GOST R 34.11-2012 of 256 bits. Raises GostNotInstalled where OpenSSL lacks it."""

    name = "streebog256"
    digest_size = 32
    block_size = 64

    def __init__(self) -> None:
        streebog.require()
        step_in()


class Streebog512(Streebog256):
    """GOST R 34.11-2012 of 512 bits."""

    name = "streebog512"
    digest_size = 64


class _StreebogHash(hashes.HashContext):
    """What `hashes.Hash` would be for Streebog."""

    def __init__(self, algorithm: Streebog256, state: Any = None):
        self._algorithm = algorithm
        self._state = streebog.new(algorithm.name) if state is None else state

    @property
    def algorithm(self) -> hashes.HashAlgorithm:
        """The algorithm being computed."""
        return self._algorithm

    def update(self, data: Any) -> None:
        """Take in more bytes."""
        self._state.update(data)

    def finalize(self) -> bytes:
        """Return the digest."""
        digest: bytes = self._state.digest()
        return digest

    def copy(self) -> _StreebogHash:
        """Return an independent copy of what was taken in so far."""
        return _StreebogHash(self._algorithm, self._state.copy())


def offer() -> None:
    """Let pyHanko find Streebog by name where it looks for digests; nothing is replaced yet."""
    for algorithm in (Streebog256, Streebog512):
        name = algorithm.name
        setattr(hashes, name.upper(), algorithm)
        # The hashes by which an OCSP response says whose certificate it is about.
        setattr(x509.Name, name, property(partial(_of_name, name)))
        setattr(keys.PublicKeyInfo, name, property(partial(_of_key, name)))


def _of_name(digest: str, name: x509.Name) -> bytes:
    return digests.digest(digest, name.dump())


def _of_key(digest: str, key: keys.PublicKeyInfo) -> bytes:
    return digests.digest(digest, bytes(key["public_key"]))


def step_in() -> None:
    """Replace `hashes.Hash`; again changes nothing."""
    hashes.Hash = _hash  # type: ignore[assignment]


def _hash(algorithm: hashes.HashAlgorithm, backend: Any = None) -> hashes.HashContext:
    if isinstance(algorithm, Streebog256):
        return _StreebogHash(algorithm)
    return _compiled(algorithm, backend)
