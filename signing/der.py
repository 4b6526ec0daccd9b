"""DER (ITU-T X.690) put together from parts as they are, so that what was signed keeps every byte.

asn1crypto writes a whole structure anew when it was looked into, or when its length happens to end
with the byte 80: sets get sorted, addresses respelled. Nothing signed may go through that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asn1crypto import parser

UNIVERSAL, CONTEXT = 0, 2
CONSTRUCTED = 1
SEQUENCE, SET = 16, 17


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of encoded parts."""
    return _emitted(UNIVERSAL, SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """Return a SET OF encoded parts, in the order DER wants."""
    return _emitted(UNIVERSAL, SET, b"".join(sorted(parts)))


def tagged(number: int, contents: bytes) -> bytes:
    """Return `contents` under a context-specific tag: [number] IMPLICIT of something constructed,
    or EXPLICIT if they are a whole encoded value."""
    return _emitted(CONTEXT, number, contents)


def contents(encoded: bytes) -> bytes:
    """Return what is inside an encoded value (BER or DER). Raises ValueError if it is cut."""
    inside: bytes = parser.parse(encoded)[4]
    return inside


def parts(encoded: bytes) -> tuple[bytes, ...]:
    """Return the encoded values inside an encoded value; raises as `contents`."""
    return tuple(split(contents(encoded)))


def split(joined: bytes) -> Iterator[bytes]:
    """Yield the encoded values that stand one after another; raises as `contents`."""
    while joined:
        end = parser.peek(joined)
        yield joined[:end]
        joined = joined[end:]


def _emitted(class_: int, tag: int, inside: bytes) -> bytes:
    made: bytes = parser.emit(class_, CONSTRUCTED, tag, inside)
    return made
