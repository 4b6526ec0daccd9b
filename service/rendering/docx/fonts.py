"""word/fontTable.xml and the fonts inside the file, so that pages break alike on any computer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

import uharfbuzz as hb

from service.rendering.docx.styles import SANS, SERIF
from service.rendering.docx.text import DECLARATION, NAMESPACE, RELATIONSHIPS
from service.rendering.typeface import FILES, Faces

ALPHABET = (  # Latin, the Cyrillic of every people of Russia, punctuation, «№», arrows, mathematics
    *range(0x20, 0x180),
    *range(0x400, 0x530),
    *range(0x2010, 0x2045),
    0x20BD,
    0x2116,
    *range(0x2190, 0x2194),
    *range(0x2200, 0x2270),
)
INSIDE = ("PTSans-Regular", "PTSans-Bold", "PTSerif-Regular", "PTSerif-Bold", "PTSerif-Italic")
OBFUSCATED = 32  # bytes at the beginning of a font, ECMA-376 part 4, 8.1
SLOTS = {
    (False, False): "embedRegular",
    (True, False): "embedBold",
    (False, True): "embedItalic",
    (True, True): "embedBoldItalic",
}
LOOKS = {
    SANS: ("sans", "020B0503020203020204", "swiss"),
    SERIF: ("serif", "020A0603040505020204", "roman"),
}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A face as a file carries it: its relationship, the key that obfuscates it, the bytes."""

    reference: str
    key: UUID
    body: bytes


def embedded(faces: Faces) -> Iterator[Embedded]:
    """Yield the faces pages are set in, cut down to the alphabet."""
    for name in INSIDE:
        key = uuid5(NAMESPACE_URL, f"urn:vedomost:font:{name}")
        yield Embedded(name, key, _obfuscated(_subset(faces[name].data), key))


def font_table(fonts: tuple[Embedded, ...]) -> bytes:
    """Return the table: each typeface, what it looks like and where its faces are in the file."""
    keys = {font.reference: font.key for font in fonts}
    return (
        f'{DECLARATION}<w:fonts xmlns:w="{NAMESPACE}" xmlns:r="{RELATIONSHIPS}">'
        f"{''.join(_typeface(name, keys) for name in LOOKS)}</w:fonts>"
    ).encode()


def _typeface(name: str, keys: dict[str, UUID]) -> str:
    family, panose, kind = LOOKS[name]
    inside = "".join(
        f'<w:{slot} r:id="{file}" w:fontKey="{{{str(keys[file]).upper()}}}"/>'
        for (bold, italic), slot in SLOTS.items()
        if (file := FILES[family, bold, italic]) in keys
    )
    return (
        f'<w:font w:name="{name}"><w:panose1 w:val="{panose}"/><w:charset w:val="CC"/>'
        f'<w:family w:val="{kind}"/><w:pitch w:val="variable"/>{inside}</w:font>'
    )


def _subset(font: bytes) -> bytes:
    face = hb.Face(font)
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).set(set(ALPHABET))
    wanted.flags = hb.SubsetFlags.NO_HINTING
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).add(int.from_bytes(b"hdmx", "big"))
    return bytes(hb.subset(face, wanted).blob.data)


def _obfuscated(font: bytes, key: UUID) -> bytes:
    """XOR the first bytes with the key read backwards: Word refuses a plain font."""
    mask = key.bytes[::-1] * 2
    head = bytes(byte ^ other for byte, other in zip(font[:OBFUSCATED], mask, strict=True))
    return head + font[OBFUSCATED:]
