"""Who said they would sign, and what was made for them: the state between two requests."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import ClassVar, Self

from signing import certificates
from signing.certificates import Certificate
from signing.errors import CertificateUnreadable, PreparedAltered, SigningRefused

STATE_VERSION = 1
LARGEST_STATE = 8192
KEYS = ("version", "attributes", "certificate", "chain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What every state remembers; a subclass names its own whole numbers in `NUMBERS`."""

    NUMBERS: ClassVar[tuple[str, ...]] = ()

    attributes: bytes  # DER of the signed attributes
    certificate: Certificate
    chain: tuple[Certificate, ...]

    def dumped(self) -> bytes:
        """Return the JSON of the state, or raise SigningRefused if the chain is absurdly long."""
        state = json.dumps(
            {
                "version": STATE_VERSION,
                **{name: getattr(self, name) for name in self.NUMBERS},
                "attributes": _text(self.attributes),
                "certificate": _text(self.certificate.dump()),
                "chain": [_text(issuer.dump()) for issuer in self.chain],
            }
        ).encode()
        if len(state) > LARGEST_STATE:
            raise SigningRefused(
                "Цепочка сертификатов слишком велика. Передайте только сертификат подписи "
                "и сертификаты удостоверяющих центров над ним."
            )
        return state

    @classmethod
    def load(cls, state: bytes) -> Self:
        """Return the state `dumped` gave, or raise PreparedAltered."""
        try:
            held = json.loads(state)
            if held["version"] != STATE_VERSION or set(held) != {*KEYS, *cls.NUMBERS}:
                raise altered()
            return cls(
                **{name: int(held[name]) for name in cls.NUMBERS},
                attributes=base64.b64decode(held["attributes"], validate=True),
                certificate=certificates.load(base64.b64decode(held["certificate"])),
                chain=tuple(certificates.load(base64.b64decode(item)) for item in held["chain"]),
            )
        except (ValueError, TypeError, KeyError, binascii.Error, CertificateUnreadable) as error:
            raise altered() from error


def altered() -> PreparedAltered:
    """Return the refusal for a file or state that is not what was handed out."""
    return PreparedAltered(
        "Подготовленный к подписи файл изменился или не подходит к этой попытке. "
        "Начните подписание заново."
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
