"""The PKCS#11 library (python-pkcs11) and its errors: nothing else here imports it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

import pkcs11
from asn1crypto import algos
from pkcs11 import Attribute, CertificateType, Mechanism, ObjectClass, TokenFlag

from signing import certificates
from signing.algorithms import Algorithm
from signing.certificates import Certificate
from signing.errors import CertificateUnreadable, KeyUnavailable, KeyUnsupported, SigningError
from signing.pkcs11.errors import PinLocked, PinWrong, TokenBusy, TokenMissing, TokenModuleMissing
from signing.pkcs11.held import Held

GONE = (
    pkcs11.TokenNotPresent,
    pkcs11.TokenNotRecognised,
    pkcs11.DeviceRemoved,
    pkcs11.DeviceError,
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.SlotIDInvalid,
)
LOCKED = (pkcs11.PinLocked, pkcs11.PinExpired, pkcs11.UserPinNotInitialized)
WRONG = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)


class Signing(Protocol):
    """A private key on a token, as python-pkcs11 shows one (its own types forget `sign`)."""

    id: bytes
    label: str

    def sign(self, data: bytes, *, mechanism: Mechanism) -> bytes:
        """Return the value the token makes."""


class OpenToken:
    """A session with a token its owner is logged in to; one thread at a time uses it."""

    def __init__(self, session: pkcs11.Session, mechanisms: frozenset[Mechanism]):
        self._session = session
        self._mechanisms = mechanisms
        self._alone = threading.Lock()
        self._closed = False

    def held(self) -> tuple[Held, ...]:
        """Return the X.509 certificates on the token, and which of them have their key beside."""
        found = []
        with self._alone, speaking():
            keys = {(bytes(key.id), key.label) for key in self._private_keys()}
            wanted = {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            }
            for item in self._session.get_objects(wanted):
                certificate = _parsed(bytes(item[Attribute.VALUE]))
                if certificate is None:
                    continue
                held = Held(certificate, bytes(item[Attribute.ID]), item[Attribute.LABEL])
                found.append(held.with_key(any(held.goes_with(*key) for key in keys)))
        return tuple(found)

    def sign(self, held: Held, algorithm: Algorithm, to_sign: bytes) -> bytes:
        """Return the value over `to_sign` by the key of `held`; see `signing.keys.Key`."""
        digest = hashlib.new(algorithm.digest, to_sign)
        with self._alone, speaking():
            key = self._key_of(held)
            if held.certificate.public_key.algorithm == "ec":
                halves = key.sign(digest.digest(), mechanism=Mechanism.ECDSA)
                value: bytes = algos.DSASignature.from_p1363(halves).dump()
                return value
            if Mechanism.SHA256_RSA_PKCS in self._mechanisms:
                return bytes(key.sign(to_sign, mechanism=Mechanism.SHA256_RSA_PKCS))
            info = algos.DigestInfo(
                {"digest_algorithm": {"algorithm": digest.name}, "digest": digest.digest()}
            )
            return bytes(key.sign(info.dump(), mechanism=Mechanism.RSA_PKCS))

    def close(self) -> None:
        """Log out and end the session; again is fine."""
        with self._alone, speaking():
            if not self._closed:
                self._closed = True
                self._session.close()

    def _key_of(self, held: Held) -> Signing:
        if self._closed:
            raise TokenMissing("Токен уже закрыт. Вставьте токен и начните заново.")
        for key in self._private_keys():
            if held.goes_with(bytes(key.id), key.label):
                return key
        raise TokenMissing("Ключ исчез с токена. Начните подписание заново.")

    def _private_keys(self) -> Iterator[Signing]:
        for key in self._session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
            yield cast("Signing", key)


def opened(module: Path, pin: str, label: str | None, slot: int | None) -> OpenToken:
    """Log in to the token with a label or in a slot, or to the only one there is."""
    try:
        library = pkcs11.lib(str(module))
    except pkcs11.PKCS11Error as error:
        raise TokenModuleMissing(
            f"Библиотека PKCS#11 {module} не загружается: её нет или она не для этой системы. "
            "Установите драйвер токена и укажите путь к его библиотеке."
        ) from error
    with speaking():
        token = _chosen(library.get_tokens(), label, slot)
        try:
            session = token.open(user_pin=pin)
        except WRONG as error:
            raise _wrong(token.slot.get_token()) from error
        return OpenToken(session, frozenset(token.slot.get_mechanisms()))


def _chosen(present: Iterable[pkcs11.Token], label: str | None, slot: int | None) -> pkcs11.Token:
    there = [token for token in present if TokenFlag.TOKEN_INITIALIZED in token.flags]
    fit = [
        token
        for token in there
        if label in (None, token.label) and slot in (None, token.slot.slot_id)
    ]
    if len(fit) == 1:
        return fit[0]
    seen = ", ".join(f"«{token.label}» (слот {token.slot.slot_id})" for token in there)
    if len(fit) > 1:
        raise TokenMissing(f"Токенов несколько: {seen}. Укажите метку или номер слота.")
    if there:
        raise TokenMissing(f"Такого токена нет. Вставлены: {seen}.")
    raise TokenMissing("Токен не вставлен или не инициализирован. Вставьте токен и повторите.")


def _wrong(token: pkcs11.Token) -> SigningError:
    if TokenFlag.USER_PIN_LOCKED in token.flags:
        return _locked()
    left = "Проверьте раскладку и повторите; после нескольких ошибок токен заблокируется."
    if TokenFlag.USER_PIN_FINAL_TRY in token.flags:
        left = "Осталась последняя попытка, потом токен заблокируется: уточните PIN-код."
    return PinWrong(f"PIN-код не подходит к токену «{token.label}». {left}")


def _locked() -> PinLocked:
    return PinLocked(
        "PIN-код токена заблокирован, истёк или не задан. Разблокируйте его кодом "
        "администратора токена или обратитесь в удостоверяющий центр."
    )


@contextmanager
def speaking() -> Iterator[None]:
    """Turn what PKCS#11 answers into errors of ours."""
    try:
        yield
    except LOCKED as error:
        raise _locked() from error
    except (pkcs11.UserAlreadyLoggedIn, pkcs11.AnotherUserAlreadyLoggedIn) as error:
        raise TokenBusy(
            "Токен уже открыт этой программой. Завершите прежнее подписание и повторите."
        ) from error
    except GONE as error:
        raise TokenMissing(
            "Токен не отвечает: возможно, его вынули. Вставьте токен и начните заново."
        ) from error
    except (pkcs11.MechanismInvalid, pkcs11.KeyTypeInconsistent) as error:
        raise KeyUnsupported(
            "Токен не умеет подписывать этим ключом. Используйте ключ RSA или ECDSA."
        ) from error
    except pkcs11.PKCS11Error as error:
        raise KeyUnavailable(
            f"Токен ответил ошибкой {type(error).__name__}. Выньте его, вставьте и повторите."
        ) from error


def _parsed(der: bytes) -> Certificate | None:
    try:
        return certificates.load(der)
    except CertificateUnreadable:
        return None
