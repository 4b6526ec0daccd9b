"""The fonts a document is set in: shaping, measuring, breaking lines, subsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import uharfbuzz as hb

from service.domain.errors import Unavailable

EM = 1000  # units per em of every font here; PDF widths use the same


class FontMissing(Unavailable):
    """A font file is not where the settings say."""

    code = "font-missing"
    title = "Не найден шрифт"


@dataclass(frozen=True, slots=True, eq=False)
class Shaped:
    """Text as glyphs: its width in thousandths of an em and what stands in the array of TJ."""

    width: int
    array: bytes
    glyphs: Mapping[int, str]  # glyph, the text it stands for


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
        self.measure = lru_cache(maxsize=65536)(self._measure)
        self._shape = lru_cache(maxsize=65536)(self._shape_text)
        self._leading = lru_cache(maxsize=65536)(self._shape_before)
        self._advance = cache(self._font.get_glyph_h_advance)

    def shaped(self, text: str) -> Sequence[Shaped]:
        """Return a line as glyphs, word by word: kerning sees the next space and letter only."""
        words = text.split(" ")
        if len(words) == 1:
            return (self._shape(text),)
        shaped = list(map(self._leading, words, [word[:1] for word in words[1:]]))
        if None in shaped:
            return (self._shape(text),)
        shaped.append(self._shape(words[-1]))
        return shaped  # type: ignore[return-value]

    def _shape_before(self, word: str, letter: str) -> Shaped | None:
        """Return a word and the space between it and a letter; None: the letter joins the space."""
        if unicodedata.combining(letter or " "):
            return None
        shape = self._shape
        shaped = shape(f"{word} ")
        kern = shape(f" {letter}").width - shape(" ").width - shape(letter).width
        if not kern:
            return shaped
        return Shaped(shaped.width + kern, shaped.array + b"%d" % -kern, shaped.glyphs)

    def _measure(self, text: str) -> int:
        """Return the width of a line in thousandths of an em."""
        return sum(word.width for word in self.shaped(text))

    def _shape_text(self, text: str) -> Shaped:
        if not text:
            return Shaped(0, b"", {})
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        array: list[str] = []
        width = 0
        glyphs: dict[int, str] = {}
        ends = [*(info.cluster for info in infos[1:]), len(text)]
        for info, position, end in zip(infos, positions, ends, strict=True):
            glyph, wide = info.codepoint, position.x_advance
            if stands_for := text[info.cluster : end]:
                glyphs.setdefault(glyph, stands_for)
            if position.x_offset:
                array.append(f"{-position.x_offset}")
            array.append(f"<{glyph:04X}>")
            if back := self._advance(glyph) + position.x_offset - wide:
                array.append(f"{back}")
            width += wide
        return Shaped(width, "".join(array).replace("><", "").encode(), glyphs)

    def width(self, text: str, size: float) -> float:
        """Return the width of a line in points."""
        return self.measure(text) * size / EM

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
    if "\n" in text:
        return tuple(line for one in text.split("\n") for line in wrap(face, one, size, width))
    room = width * EM / size
    space = face.measure(" ")
    words = text.split(" ")
    widths = list(map(face.measure, words))
    if sum(widths) + space * (len(words) - 1) <= room:
        return (text,)
    lines: list[str] = []
    line: list[str] = []
    taken = 0
    for word, natural in zip(words, widths, strict=True):
        if line and taken + space + natural > room:
            lines.append(" ".join(line))
            line = []
        rest, wide = word, natural
        while wide > room and len(rest) > 1:
            cut = _fitting(face, rest, size, width)
            lines.append(rest[:cut])
            rest = rest[cut:]
            wide = face.measure(rest)
        taken = taken + space + wide if line else wide
        line.append(rest)
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
