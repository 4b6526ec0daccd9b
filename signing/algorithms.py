"""Which digest and which signature algorithm belong to a key: one row of the table each."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from signing.certificates import Certificate
from signing.errors import KeyUnsupported


@dataclass(frozen=True, slots=True)
class Algorithm:
    """How a document is digested and the signed attributes are signed; names of asn1crypto."""

    digest: str
    signature: str


BY_PUBLIC_KEY = MappingProxyType(
    {
        "rsa": Algorithm("sha256", "sha256_rsa"),
        "ec": Algorithm("sha256", "sha256_ecdsa"),
        "gost2012_256": Algorithm("streebog256", "gost2012_256"),
        "gost2012_512": Algorithm("streebog512", "gost2012_512"),
    }
)


def algorithm_of(certificate: Certificate) -> Algorithm:
    """Return the algorithm a certificate's key signs with, or raise KeyUnsupported."""
    name = certificate.public_key.algorithm
    try:
        return BY_PUBLIC_KEY[name]
    except KeyError:
        raise KeyUnsupported(
            f"Ключ с алгоритмом «{name}» не поддерживается. "
            "Используйте сертификат с ключом ГОСТ Р 34.10-2012, RSA или ECDSA."
        ) from None
