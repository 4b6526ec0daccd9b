"""The fonts a document is set in: shaping, measuring, breaking lines, subsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import uharfbuzz as hb

from service.domain.errors import Unavailable

EM = 1000  # units per em of every font here; PDF widths use the same


class FontMissing(Unavailable):
    """A font file is not where the settings say."""

    code = "font-missing"
    title = "Не найден шрифт"


@dataclass(frozen=True, slots=True)
class Shaped:
    """Text as glyphs: its width in thousandths of an em and the operand of PDF's TJ."""

    width: float
    operand: bytes
    glyphs: tuple[tuple[int, str], ...]  # glyph, the text it stands for


class Face:
    """One font file."""

    def __init__(self, name: str, file: Path):
        try:
            self.data = file.read_bytes()
        except OSError as error:
            raise FontMissing(f"Нет файла шрифта {file.name}: проверьте папку fonts") from error
        self.name = name
        self._face = hb.Face(self.data)
        self._font = hb.Font(self._face)
        self._font.scale = (EM, EM)
        self.characters = frozenset(self._face.unicodes)
        self.shape = lru_cache(maxsize=65536)(self._shape)

    def _shape(self, text: str) -> Shaped:
        if not text:
            return Shaped(0, b"[]", ())
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        operand = ["["]
        width = 0
        glyphs: list[tuple[int, str]] = []
        hexes: list[str] = []

        def close() -> None:
            if hexes:
                operand.append(f"<{''.join(hexes)}>")
                hexes.clear()

        for index, (info, position) in enumerate(zip(infos, positions, strict=True)):
            after = infos[index + 1].cluster if index + 1 < len(infos) else len(text)
            glyphs.append((info.codepoint, text[info.cluster : after]))
            natural = self._font.get_glyph_h_advance(info.codepoint)
            if position.x_offset:
                close()
                operand.append(f"{-position.x_offset}")
            hexes.append(f"{info.codepoint:04X}")
            if back := natural + position.x_offset - position.x_advance:
                close()
                operand.append(f"{back}")
            width += position.x_advance
        close()
        operand.append("]")
        return Shaped(width, " ".join(operand).encode(), tuple(glyphs))

    def width(self, text: str, size: float) -> float:
        """Return the width of a line in points."""
        return self.shape(text).width * size / EM

    def advances(self, glyphs: Iterable[int]) -> list[tuple[int, int]]:
        """Return the natural width of each glyph in thousandths of an em."""
        return [(glyph, self._font.get_glyph_h_advance(glyph)) for glyph in sorted(glyphs)]

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """Return the font file with these glyphs only, under their own numbers."""
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).set(set(glyphs) | {0})
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
        drop = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
        drop.update(
            {int.from_bytes(tag, "big") for tag in (b"GSUB", b"GPOS", b"GDEF", b"kern", b"name")}
        )
        return bytes(hb.subset(self._face, wanted).blob.data)

    @property
    def extents(self) -> tuple[int, int]:
        """Return ascent and descent in thousandths of an em."""
        extents = self._font.get_font_extents("ltr")
        return extents.ascender, extents.descender


FILES: Mapping[tuple[str, bool, bool], str] = {
    ("sans", False, False): "PTSans-Regular",
    ("sans", True, False): "PTSans-Bold",
    ("sans", False, True): "PTSans-Italic",
    ("sans", True, True): "PTSans-BoldItalic",
    ("serif", False, False): "PTSerif-Regular",
    ("serif", True, False): "PTSerif-Bold",
    ("serif", False, True): "PTSerif-Italic",
    ("serif", True, True): "PTSerif-BoldItalic",
}


class Faces:
    """Every face a document may use, by name; loaded when first asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._loaded: dict[str, Face] = {}
        self.legible = lru_cache(maxsize=65536)(self._legible)

    def __getitem__(self, name: str) -> Face:
        if name not in self._loaded:
            self._loaded[name] = Face(name, self.folder / f"{name}.ttf")
        return self._loaded[name]

    def _legible(self, text: str) -> str:
        """Return text in which a character no font has a glyph for is named: «[U+1F600]»."""
        known = self["PTSans-Regular"].characters
        if all(ord(c) in known or c == "\n" for c in text):
            return text
        return "".join(c if ord(c) in known or c == "\n" else f"[U+{ord(c):04X}]" for c in text)

    def fingerprint(self) -> str:
        """Return the SHA-256 over the font files, in the order of their names."""
        digest = sha256()
        for name in sorted(FILES.values()):
            digest.update(self[name].data)
        return digest.hexdigest()


def wrap(face: Face, text: str, size: float, width: float) -> tuple[str, ...]:
    """Return text broken into lines no wider than `width` points; a longer word is broken too."""
    lines: list[str] = []
    space = face.width(" ", size)
    for paragraph in text.split("\n"):
        line: list[str] = []
        taken = 0.0
        for word in paragraph.split(" "):
            wide = face.width(word, size)
            if line and taken + space + wide > width:
                lines.append(" ".join(line))
                line = []
            rest = word
            while wide > width and len(rest) > 1:
                cut = _fitting(face, rest, size, width)
                lines.append(rest[:cut])
                rest = rest[cut:]
                wide = face.width(rest, size)
            line.append(rest)
            taken = taken + space + wide if len(line) > 1 else wide
        lines.append(" ".join(line))
    return tuple(lines)


def _fitting(face: Face, word: str, size: float, width: float) -> int:
    """Return how many characters of a word fit; up to a hyphen or slash where there is one."""
    low, high = 1, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if face.width(word[:middle], size) <= width:
            low = middle
        else:
            high = middle - 1
    good = max(word.rfind(mark, 0, low) for mark in "-/–—.,")
    if good > 0:
        return good + 1
    while low > 1 and unicodedata.combining(word[low]):
        low -= 1
    return low
