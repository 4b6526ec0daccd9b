"""A document between two requests: the file has room for a signature, a small state beside."""

from __future__ import annotations

from dataclasses import dataclass

from signing import cms, digests
from signing.announced import Announced, altered
from signing.errors import AnswerTooLarge


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document waiting for the value of its signature."""

    pdf: bytes  # with the mark, and room for the signature
    to_sign: bytes  # DER of the signed attributes; the value is a signature over these bytes
    document_digest: bytes  # of everything but that room; a client's own CMS must be about it
    state: bytes  # JSON, at most 8 KB: what `embed` needs besides the file


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Announced):
    """What must survive between the two requests."""

    NUMBERS = ("start", "end")

    start: int  # of the reserved hexadecimal string, at its «<»
    end: int  # just after its «>»

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
