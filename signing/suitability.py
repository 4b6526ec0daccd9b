"""Whether a certificate, by itself, may be used for a purpose at a moment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from signing import certificates
from signing.certificates import Certificate
from signing.errors import CertificateExpired, CertificateNotYetValid, WrongKeyUsage


class Purpose(StrEnum):
    """What a certificate is used for."""

    SIGNING = "signing"
    TIMESTAMPING = "timestamping"


def require_usage(certificate: Certificate, purpose: Purpose) -> None:
    """Raise WrongKeyUsage unless the certificate was issued for `purpose`."""
    if purpose is Purpose.SIGNING and not certificates.for_signing(certificate):
        raise WrongKeyUsage(
            f"Сертификат {certificates.serial(certificate)} выпущен не для подписания документов. "
            "Выберите сертификат с назначением «Цифровая подпись» или «Неотрекаемость»."
        )
    if purpose is Purpose.TIMESTAMPING and not certificates.for_timestamping(certificate):
        raise WrongKeyUsage("Сертификат службы меток времени выпущен не для меток времени.")


def require_current(certificate: Certificate, at: datetime) -> None:
    """Raise CertificateNotYetValid or CertificateExpired unless `at` is within its validity."""
    number = certificates.serial(certificate)
    since, until = certificates.valid_from(certificate), certificates.valid_until(certificate)
    if at < since:
        raise CertificateNotYetValid(
            f"Сертификат {number} начнёт действовать {since:%d.%m.%Y}. "
            "Дождитесь этого дня или возьмите другой сертификат.",
            since,
        )
    if at > until:
        raise CertificateExpired(
            f"Сертификат {number} истёк {until:%d.%m.%Y}. Получите новый сертификат.", until
        )
