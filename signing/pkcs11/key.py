"""A key on a token behind the same shape as every other key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Protocol

from signing import certificates
from signing.algorithms import Algorithm, algorithm_of
from signing.certificates import Certificate
from signing.errors import KeyUnsupported
from signing.pkcs11.errors import CertificateAmbiguous, CertificateMissing, Pkcs11NotInstalled
from signing.pkcs11.held import Held

DRIVER = "signing.pkcs11.driver"
KINDS = frozenset({"rsa", "ec"})


class OpenToken(Protocol):
    """A token its owner is logged in to."""

    def held(self) -> tuple[Held, ...]:
        """Return its certificates."""

    def sign(self, held: Held, algorithm: Algorithm, to_sign: bytes) -> bytes:
        """Return a value over `to_sign` by the key of a certificate."""

    def close(self) -> None:
        """Log out."""


@dataclass(frozen=True, slots=True)
class Pkcs11Key:
    """A key on a PKCS#11 token (OASIS PKCS #11 2.40): it signs there and never comes here.

    The session stays open for any number of signatures, one thread at a time, until `close`; the
    key is its own context manager. The PIN is used once, to log in, and is kept nowhere.
    """

    certificate: Certificate = field(repr=False)
    chain: tuple[Certificate, ...] = field(repr=False)
    algorithm: Algorithm
    _held: Held = field(repr=False)
    _token: OpenToken = field(repr=False)

    @classmethod
    def open(
        cls,
        module: Path,
        pin: str,
        *,
        token: str | None = None,
        slot: int | None = None,
        certificate: str | None = None,
    ) -> Pkcs11Key:
        """Log in through `module`, the token maker's library, and choose a key.

        The token is chosen by its label or slot id, the key by its certificate's label, or by id
        (CKA_ID) or serial number in HEX; what is not told must be the only one there. RSA signs
        with CKM_SHA256_RSA_PKCS (CKM_RSA_PKCS where that is missing), EC with CKM_ECDSA over
        SHA-256. GOST keys are signed with where CryptoPro is, see `signing.answers`.

        Raises Pkcs11NotInstalled, TokenModuleMissing, TokenMissing, TokenBusy, PinWrong, PinLocked,
        CertificateMissing, CertificateAmbiguous, KeyUnsupported, KeyUnavailable.
        """
        try:
            driver = import_module(DRIVER)
        except ImportError as error:
            raise Pkcs11NotInstalled(
                "Для подписания токеном нужна библиотека python-pkcs11. "
                "Установите её: pip install 'vedomost[token]'."
            ) from error
        opened: OpenToken = driver.opened(module, pin, token, slot)
        try:
            there = opened.held()
            held = _chosen(there, certificate)
            if held.certificate.public_key.algorithm not in KINDS:
                raise KeyUnsupported(
                    "На токене ключ не RSA и не ECDSA: через PKCS#11 таким не подписать. "
                    "Ключом ГОСТ подписывайте на странице с плагином КриптоПро."
                )
            return cls(
                certificate=held.certificate,
                chain=certificates.issuers_of(held.certificate, (one.certificate for one in there)),
                algorithm=algorithm_of(held.certificate),
                _held=held,
                _token=opened,
            )
        except BaseException:
            opened.close()
            raise

    def sign(self, to_sign: bytes) -> bytes:
        """Return the raw value over `to_sign`: PKCS#1 v1.5 for RSA, DER for ECDSA.

        Raises TokenMissing, PinLocked, KeyUnsupported, KeyUnavailable.
        """
        return self._token.sign(self._held, self.algorithm, to_sign)

    def close(self) -> None:
        """Log out of the token; nothing can be signed afterwards."""
        self._token.close()

    def __enter__(self) -> Pkcs11Key:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _chosen(there: Sequence[Held], wanted: str | None) -> Held:
    usable = [one for one in there if one.has_key and certificates.for_signing(one.certificate)]
    fit = [one for one in usable if wanted is None or one.is_called(wanted)]
    if len(fit) == 1:
        return fit[0]
    choices = "; ".join(one.told() for one in usable)
    if len(fit) > 1:
        raise CertificateAmbiguous(
            f"На токене несколько подходящих сертификатов: {choices}. "
            "Укажите серийный номер нужного."
        )
    if usable:
        raise CertificateMissing(f"Такого сертификата с ключом на токене нет. Есть: {choices}.")
    raise CertificateMissing(
        "На токене нет сертификата для подписи вместе с закрытым ключом. "
        "Запишите на токен сертификат с ключом или вставьте другой токен."
    )
