"""A document between two requests: the file has room for a signature, a small state beside."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from signing import certificates, cms, digests
from signing.certificates import Certificate
from signing.errors import (
    AnswerTooLarge,
    CertificateUnreadable,
    PreparedAltered,
    SigningRefused,
)

STATE_VERSION = 1
LARGEST_STATE = 8192


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document waiting for the value of its signature."""

    pdf: bytes  # with the mark, and room for the signature
    to_sign: bytes  # DER of the signed attributes; the value is a signature over these bytes
    document_digest: bytes  # of everything but that room; a client's own CMS must be about it
    state: bytes  # JSON, at most 8 KB: what `embed` needs besides the file


@dataclass(frozen=True, slots=True)
class State:
    """What must survive between the two requests."""

    start: int  # of the reserved hexadecimal string, at its «<»
    end: int  # just after its «>»
    attributes: bytes
    certificate: Certificate
    chain: tuple[Certificate, ...]

    def dumped(self) -> bytes:
        """Return the JSON of the state, or raise SigningRefused if the chain is absurdly long."""
        state = json.dumps(
            {
                "version": STATE_VERSION,
                "start": self.start,
                "end": self.end,
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
    def load(cls, state: bytes) -> State:
        """Return the state `dumped` gave, or raise PreparedAltered."""
        try:
            held = json.loads(state)
            if held["version"] != STATE_VERSION:
                raise altered()
            return cls(
                start=int(held["start"]),
                end=int(held["end"]),
                attributes=base64.b64decode(held["attributes"], validate=True),
                certificate=certificates.load(base64.b64decode(held["certificate"])),
                chain=tuple(certificates.load(base64.b64decode(item)) for item in held["chain"]),
            )
        except (ValueError, TypeError, KeyError, binascii.Error, CertificateUnreadable) as error:
            raise altered() from error

    def require_digest(self, pdf: bytes, algorithm: str) -> bytes:
        """Return the digest of everything but the room; raise PreparedAltered if it changed."""
        room = pdf[self.start : self.end]
        if len(room) != self.end - self.start or room != b"<" + b"0" * (len(room) - 2) + b">":
            raise altered()
        digest = digests.new(algorithm)
        digest.update(memoryview(pdf)[: self.start])
        digest.update(memoryview(pdf)[self.end :])
        if digest.digest() != cms.message_digest(self.attributes):
            raise altered()
        return digest.digest()

    def require_room(self, container: bytes) -> None:
        """Raise AnswerTooLarge if a DER `container` does not fit the room."""
        room = (self.end - self.start - 2) // 2
        if len(container) > room:
            raise AnswerTooLarge(
                f"Подпись занимает {len(container)} байт, а в документе для неё отведено {room}. "
                "Передайте подпись без вложенных списков отзыва и посторонних сертификатов. Если "
                "не поможет, сообщите администратору: велик ответ службы меток времени."
            )

    def filled(self, pdf: bytes, container: bytes) -> bytes:
        """Return `pdf` with the DER `container` in the room left for it, or AnswerTooLarge."""
        self.require_room(container)
        content = container.hex().upper().encode()
        start = self.start + 1
        return b"".join((pdf[:start], content, pdf[start + len(content) :]))


def altered() -> PreparedAltered:
    """Return the refusal for a file or state that is not what was handed out."""
    return PreparedAltered(
        "Подготовленный к подписи файл изменился или не подходит к этой попытке. "
        "Начните подписание заново."
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
