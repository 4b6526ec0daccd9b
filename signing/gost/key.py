"""A GOST key in a PKCS#12 container, used by the command `openssl` with the engine `gost`.

For demonstrations and tests: in a school the key stays in a certified token. The engine lives in
child processes only, since this process may hold the provider, and they break each other.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread

from asn1crypto import keys, pem

from signing import certificates, digests
from signing.algorithms import Algorithm, algorithm_of
from signing.certificates import Certificate
from signing.errors import (
    GostNotInstalled,
    KeyUnavailable,
    KeyUnreadable,
    KeyUnsupported,
    PassphraseWrong,
)
from signing.gost.identifiers import KEYS
from signing.keys import Key, Pkcs12Key

TIMEOUT = 30.0  # seconds for one command
WRONG_PASSPHRASE = (b"mac verify failure", b"invalid password", b"bad decrypt")
NO_ENGINE = b'Invalid engine "gost"'


@dataclass(frozen=True, slots=True)
class OpensslKey:
    """A `signing.keys.Key` on a GOST R 34.10-2012 curve, opened once and kept in memory."""

    certificate: Certificate = field(repr=False)
    chain: tuple[Certificate, ...] = field(repr=False)
    algorithm: Algorithm
    _pem: bytes = field(repr=False)

    @classmethod
    def open(cls, data: bytes, passphrase: str) -> OpensslKey:
        """Open a container that OpenSSL can open.

        Raises KeyUnreadable, PassphraseWrong, KeyUnsupported, GostNotInstalled.
        """
        opened = _openssl(["pkcs12", "-nodes"], data, secret=passphrase.encode(), option="-passin")
        if opened.returncode:
            if any(sign in opened.stderr for sign in WRONG_PASSPHRASE):
                raise PassphraseWrong(
                    "Пароль не подходит к контейнеру ключа. "
                    "Проверьте раскладку и регистр и повторите."
                )
            raise KeyUnreadable(
                "Это не контейнер PKCS#12, который открывает OpenSSL. Контейнеры КриптоПро "
                "не подходят: подписывайте ими через сеанс подписания."
            )
        parts = list(pem.unarmor(opened.stdout, multiple=True)) if opened.stdout else []
        held = [certificates.load(der) for kind, _, der in parts if kind == "CERTIFICATE"]
        private = b"".join(pem.armor(kind, der) for kind, _, der in parts if kind == "PRIVATE KEY")
        point = _point(private)
        certificate = next(
            (one for one in held if bytes(one.public_key["public_key"]) == point), None
        )
        if certificate is None:
            raise KeyUnreadable(
                "В контейнере нет ключа вместе с его сертификатом. "
                "Экспортируйте сертификат с закрытым ключом."
            )
        if certificate.public_key.algorithm not in KEYS.values():
            raise KeyUnsupported("Ключ в контейнере не ГОСТ Р 34.10-2012.")
        return cls(
            certificate=certificate,
            chain=certificates.issuers_of(certificate, held),
            algorithm=algorithm_of(certificate),
            _pem=private,
        )

    def sign(self, to_sign: bytes) -> bytes:
        """Return the raw value over `to_sign`: s, then r, 64 or 128 bytes (RFC 9215, 2)."""
        return self.sign_digest(digests.digest(self.algorithm.digest, to_sign))

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the raw value over a digest, or raise KeyUnavailable."""
        signed = _openssl(["pkeyutl", "-sign"], digest, secret=self._pem, option="-inkey")
        if signed.returncode:
            raise KeyUnavailable("Команда openssl не подписала ключом ГОСТ. Повторите позже.")
        return signed.stdout


def of_container(data: bytes, passphrase: str) -> Key:
    """Open a PKCS#12 container of any algorithm we sign with.

    Raises KeyUnreadable, PassphraseWrong, KeyUnsupported.
    """
    try:
        return Pkcs12Key.open(data, passphrase)
    except (KeyUnsupported, PassphraseWrong) as refusal:
        # `cryptography` says of a container with a GOST key what it says of a wrong passphrase.
        try:
            return OpensslKey.open(data, passphrase)
        except GostNotInstalled:
            raise refusal from None


def _point(private: bytes) -> bytes | None:
    """Return the public half of a private key (PEM), as certificates carry it."""
    told = _openssl(["pkey", "-pubout", "-outform", "DER"], b"", secret=private, option="-in")
    return None if told.returncode else bytes(keys.PublicKeyInfo.load(told.stdout)["public_key"])


def _openssl(
    command: Sequence[str], data: bytes, *, secret: bytes, option: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `openssl`; `secret` goes through a pipe and is seen neither in arguments nor on disk."""
    reading, writing = os.pipe()
    named = f"fd:{reading}" if option == "-passin" else f"/dev/fd/{reading}"
    feeding = Thread(target=_fed, args=(writing, secret))
    feeding.start()
    try:
        done = subprocess.run(  # noqa: S603  no part of the command comes from outside
            ["openssl", *command, "-engine", "gost", option, named],  # noqa: S607  from PATH
            input=data,
            capture_output=True,
            pass_fds=(reading,),
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError as error:
        raise not_installed() from error
    except subprocess.TimeoutExpired as error:
        raise KeyUnavailable("Команда openssl не ответила вовремя. Повторите позже.") from error
    finally:
        os.close(reading)
        feeding.join()
    if NO_ENGINE in done.stderr:
        raise not_installed()
    return done


def _fed(pipe: int, secret: bytes) -> None:
    with suppress(BrokenPipeError), os.fdopen(pipe, "wb") as stream:  # nobody came to read it
        stream.write(secret)


def not_installed() -> GostNotInstalled:
    """Return the refusal for a computer without the command or the engine."""
    return GostNotInstalled(
        "Поддержка ГОСТ не установлена: нет команды openssl с модулем «gost». "
        "Установите пакеты «openssl» и «libengine-gost-openssl»."
    )
