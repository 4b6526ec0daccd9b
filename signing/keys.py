"""Where a signature's value comes from: something that holds a key and never shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from asn1crypto import pkcs12
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12KeyAndCertificates,
    load_pkcs12,
)

from signing import certificates
from signing.algorithms import Algorithm, algorithm_of
from signing.certificates import Certificate
from signing.errors import KeyUnreadable, KeyUnsupported, PassphraseWrong


class Key(Protocol):
    """A key that signs. Implementations raise only the errors of `signing.errors`."""

    @property
    def certificate(self) -> Certificate:
        """The certificate of the key."""

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """The issuers of the certificate, nearest first, as far as known."""

    @property
    def algorithm(self) -> Algorithm:
        """How this key signs."""

    def sign(self, to_sign: bytes) -> bytes:
        """Return the raw value over `to_sign`: PKCS#1 v1.5 for RSA, DER for ECDSA."""


@dataclass(frozen=True, slots=True)
class Pkcs12Key:
    """A key from a PKCS#12 container, opened once and kept in memory."""

    certificate: Certificate = field(repr=False)
    chain: tuple[Certificate, ...] = field(repr=False)
    algorithm: Algorithm
    _private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def open(cls, data: bytes, passphrase: str) -> Pkcs12Key:
        """Open a container.

        Raises KeyUnreadable, PassphraseWrong, KeyUnsupported.
        """
        held = _unpacked(data, passphrase)
        if held.key is None or held.cert is None:
            raise KeyUnreadable(
                "В контейнере нет ключа вместе с его сертификатом. "
                "Экспортируйте сертификат с закрытым ключом."
            )
        certificate = certificates.load(held.cert.certificate.public_bytes(Encoding.DER))
        if not isinstance(held.key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
            raise KeyUnsupported(
                "Ключ в контейнере не RSA и не ECDSA. Используйте другой сертификат."
            )
        others = [
            certificates.load(other.certificate.public_bytes(Encoding.DER))
            for other in held.additional_certs
        ]
        return cls(
            certificate=certificate,
            chain=certificates.issuers_of(certificate, others),
            algorithm=algorithm_of(certificate),
            _private=held.key,
        )

    def sign(self, to_sign: bytes) -> bytes:
        """Return the raw value over `to_sign`."""
        digest = hashes.SHA256()
        if isinstance(self._private, rsa.RSAPrivateKey):
            return self._private.sign(to_sign, padding.PKCS1v15(), digest)
        return self._private.sign(to_sign, ec.ECDSA(digest))


def _unpacked(data: bytes, passphrase: str) -> PKCS12KeyAndCertificates:
    try:
        _ = pkcs12.Pfx.load(data, strict=True)["auth_safe"]["content_type"].native
    except (ValueError, TypeError, KeyError) as error:
        raise KeyUnreadable(
            "Это не контейнер PKCS#12. Нужен файл .pfx или .p12 с сертификатом и закрытым ключом."
        ) from error
    try:
        return load_pkcs12(data, passphrase.encode())
    except UnsupportedAlgorithm as error:
        raise KeyUnsupported(
            "Алгоритм ключа или защиты контейнера не поддерживается. "
            "Экспортируйте ключ RSA или ECDSA с защитой AES-256."
        ) from error
    except ValueError as error:
        raise PassphraseWrong(
            "Пароль не подходит к контейнеру ключа. Проверьте раскладку и регистр и повторите."
        ) from error
