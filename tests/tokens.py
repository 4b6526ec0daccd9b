"""SoftHSM2 tokens, made by the suite itself: a token as a program that holds keys in a folder."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pkcs11
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from pkcs11 import Attribute, CertificateType, ObjectClass

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
CONFIGURATION = "SOFTHSM2_CONF"
SO_PIN = "87654321"


@dataclass(frozen=True, slots=True)
class SoftToken:
    """A token with a PIN; a child process sees it if it inherits the environment."""

    label: str
    pin: str
    module: Path = MODULE

    def add(self, container: bytes, passphrase: str, label: str, key_id: str) -> None:
        """Put the key, the certificate and the issuers of a PKCS#12 container on the token."""
        held = load_pkcs12(container, passphrase.encode())
        pem = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(pem)
            file.flush()
            _softhsm(
                "--import", file.name, "--token", self.label, "--pin", self.pin,
                "--label", label, "--id", key_id,
            )  # fmt: skip
        issuers = [other.certificate for other in held.additional_certs]
        own = {Attribute.LABEL: label, Attribute.ID: bytes.fromhex(key_id)}
        objects = [_object(held.cert.certificate.public_bytes(Encoding.DER), own)]
        objects += [_object(issuer.public_bytes(Encoding.DER), {}) for issuer in issuers]
        self._put(objects)

    def _put(self, objects: Iterable[dict[Attribute, object]]) -> None:
        library = pkcs11.lib(str(self.module))
        library.reinitialize()
        with library.get_token(token_label=self.label).open(rw=True, user_pin=self.pin) as session:
            for one in objects:
                session.create_object(one)


def make_token(label: str, pin: str) -> SoftToken:
    """Make an empty token, and forget one of that label. Make tokens before opening any."""
    _store()
    with suppress(subprocess.CalledProcessError):  # there was none
        _softhsm("--delete-token", "--token", label)
    _softhsm("--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN)
    with suppress(pkcs11.PKCS11Error):
        pkcs11.lib(str(MODULE)).reinitialize()
    return SoftToken(label, pin)


@cache
def _store() -> Path:
    """Return the folder of this process's tokens, gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="softhsm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tokens = folder / "tokens"
    tokens.mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
    os.environ[CONFIGURATION] = str(configuration)
    return folder


def _softhsm(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def _object(der: bytes, more: dict[Attribute, object]) -> dict[Attribute, object]:
    certificate = x509.Certificate.load(der)
    return {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True,
        Attribute.SUBJECT: certificate.subject.dump(),
        Attribute.VALUE: der,
        **more,
    }
