"""Keys on tokens and in security modules, reached through PKCS#11; the key never leaves them."""

from signing.pkcs11.errors import (
    CertificateAmbiguous,
    CertificateMissing,
    PinLocked,
    PinWrong,
    Pkcs11NotInstalled,
    TokenBusy,
    TokenMissing,
    TokenModuleMissing,
)
from signing.pkcs11.key import Pkcs11Key

__all__ = [
    "CertificateAmbiguous",
    "CertificateMissing",
    "PinLocked",
    "PinWrong",
    "Pkcs11Key",
    "Pkcs11NotInstalled",
    "TokenBusy",
    "TokenMissing",
    "TokenModuleMissing",
]
