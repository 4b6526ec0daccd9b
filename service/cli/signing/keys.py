"""The key a signer names at the terminal: a container, or a token; secrets are never arguments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from service.domain.errors import Rejected
from signing.gost.key import of_container
from signing.keys import Key
from signing.pkcs11 import Pkcs11Key


class KeyUnnamed(Rejected):
    """Nobody said with which key to sign, or more than one was named."""

    code = "key-unnamed"
    title = "Каким ключом подписывать"


class SecretUnreadable(Rejected):
    """A file with a passphrase, a PIN or a token cannot be read as text."""

    code = "secret-unreadable"
    title = "Файл с секретом не читается"


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the key is; files hold secrets, without them the environment or a question does."""

    container: Path | None
    passphrase_file: Path | None
    module: Path | None
    label: str | None
    certificate: str | None
    pin_file: Path | None

    @contextmanager
    def opened(self) -> Iterator[Key]:
        """Yield the key, opened once; a token is let go afterwards."""
        if (self.container is None) == (self.module is None):
            raise KeyUnnamed(
                "Укажите либо контейнер PKCS#12 (--key), либо модуль токена (--pkcs11)."
            )
        if self.container is not None:
            passphrase = secret(self.passphrase_file, "VEDOMOST_PASSPHRASE", "Пароль контейнера")
            yield of_container(self.container.read_bytes(), passphrase)
            return
        assert self.module is not None
        pin = secret(self.pin_file, "VEDOMOST_PIN", "ПИН токена")
        with Pkcs11Key.open(
            self.module, pin, token=self.label, certificate=self.certificate
        ) as key:
            yield key


def secret(file: Path | None, variable: str, question: str) -> str:
    """Return a secret from a file, else from the environment, else by asking."""
    if file is not None:
        return text_of(file).rstrip("\r\n")
    if (told := os.environ.get(variable)) is not None:
        return told
    asked: str = click.prompt(question, hide_input=True, err=True)
    return asked


def text_of(file: Path) -> str:
    """Return the text of a file with a secret."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SecretUnreadable(f"Файл {file} не читается как текст в UTF-8.") from None
