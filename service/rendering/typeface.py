"""The fonts a document is set in: shaping, measuring, breaking lines, subsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from operator import add
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


def font_file(file: Path) -> bytes:
    """Return the bytes of a font file, or raise FontMissing."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise FontMissing(f"Нет файла шрифта {file.name}: проверьте папку fonts") from error


class Face:
    """One font file."""

    def __init__(self, name: str, file: Path):
        self.data = font_file(file)
        self.name = name
        self._face = hb.Face(self.data)
        self._font = hb.Font(self._face)
        self._font.scale = (EM, EM)
        self.characters = frozenset(self._face.unicodes)
        self.measure = lru_cache(maxsize=65536)(self._measure)
        self._word = lru_cache(maxsize=65536)(self._shape_word)
        self._letters = _Letters(self._shape)
        self._advance = cache(self._font.get_glyph_h_advance)

    def shaped(self, text: str) -> Sequence[Shaped]:
        """Return a line as glyphs, in parts that recur: its words and the spaces between them.

        Where letters do no more to their neighbours than kern, it is put together of pairs of
        letters; any other line, with a ligature or a combining accent, is shaped as a whole.
        """
        words = text.split(" ")
        shaped: list[Shaped | None] = []
        for word, following in pairwise(words):
            shaped += self._word(word, " "), self._letters[f" {following[:1]}"]
        shaped.append(self._word(words[-1], ""))
        return (self._shape(text),) if None in shaped else shaped  # type: ignore[return-value]

    def _shape_word(self, word: str, following: str) -> Shaped | None:
        """Return a word before a space or at the end of a line."""
        if following and word and self._letters[word[-1] + following] is self._letters[word[-1]]:
            return self._word(word, "")
        letters = list(map(self._letters.__getitem__, map(add, word, [*word[1:], following])))
        known = [letter for letter in letters if letter is not None]
        if len(known) < len(letters):
            return None
        glyphs: dict[int, str] = {}
        for letter in known:
            glyphs |= letter.glyphs
        array = b"".join([letter.array for letter in known]).replace(b"><", b"")
        return Shaped(sum([letter.width for letter in known]), array, glyphs)

    def _measure(self, text: str) -> int:
        """Return the width of a line in thousandths of an em."""
        return sum(word.width for word in self.shaped(text))

    def _shape(self, text: str) -> Shaped:
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


class _Letters(dict[str, Shaped | None]):
    """A letter before another or at the end, by both: what it is there, kerning included.

    None: the two make a ligature, or one of them is no letter by itself.
    """

    def __init__(self, shape: Callable[[str], Shaped]):
        super().__init__()
        self._shape = shape
        self._alone = cache(shape)

    def __missing__(self, pair: str) -> Shaped | None:
        letter, following = self._alone(pair[0]), pair[1:]
        self[pair] = letter if not following else self._before(letter, following, pair)
        return self[pair]

    def _before(self, letter: Shaped, following: str, pair: str) -> Shaped | None:
        both, other = self._shape(pair), self._alone(following)
        kern = both.width - letter.width - other.width
        kerned = letter.array + (b"%d" % -kern if kern else b"")
        apart = (kerned + other.array).replace(b"><", b"") == both.array
        if unicodedata.combining(following) or not apart:
            return None
        return Shaped(letter.width + kern, kerned, letter.glyphs) if kern else letter


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
        known = self._known
        if known.issuperset(text):
            return text
        return "".join(c if c in known else f"[U+{ord(c):04X}]" for c in text)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(map(chr, self["PTSans-Regular"].characters)) | {"\n"}


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
