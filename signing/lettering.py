"""A typeface for the mark: measures text and embeds just the letters used, as PDF/A wants them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    pdf_string,
)
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.document import dictionary, name, numbers, stream

EM = 1000  # PDF measures letters in thousandths; a font that agrees needs no rounding
UNKNOWN = "?"
SYMBOLIC = 4
ITALIC = 64
UPRIGHT_STEM = 80


@dataclass(frozen=True, slots=True)
class Letters:
    """A font program holding some letters only, and where they are in it."""

    program: bytes
    glyphs: Mapping[str, int]
    widths: tuple[int, ...]  # by glyph

    def encoded(self, text: str) -> str:
        """Return `text` as the hexadecimal string a PDF shows it with."""
        return "".join(f"{self.glyphs[letter]:04X}" for letter in text)


class Typeface:
    """One TrueType font. Create it once: letters it has cut out are kept for the next mark."""

    def __init__(self, data: bytes):
        """Read a font of 1000 units per em, or raise ValueError."""
        font = TTFont(BytesIO(data), lazy=True)
        if font["head"].unitsPerEm != EM:
            raise ValueError("the font of the mark must have 1000 units per em")
        self.name = str(font["name"].getDebugName(6))
        self._data = data
        self._cmap: Mapping[int, str] = font.getBestCmap()
        self._advances = {
            glyph: int(advance) for glyph, (advance, _) in font["hmtx"].metrics.items()
        }
        self._head, self._hhea, self._os2 = font["head"], font["hhea"], font["OS/2"]
        self._italic_angle = float(font["post"].italicAngle)
        self.letters = lru_cache(maxsize=64)(self._letters)

    def clean(self, text: str) -> str:
        """Return `text` with every letter the font lacks replaced by a question mark."""
        return "".join(letter if ord(letter) in self._cmap else UNKNOWN for letter in text)

    def width(self, text: str, size: float) -> float:
        """Return the width of clean `text` in points at `size` points."""
        return sum(self._advances[self._cmap[ord(letter)]] for letter in text) * size / EM

    def embed(self, writer: BasePdfFileWriter, letters: Letters) -> IndirectObject:
        """Add the font program to `writer` and return the font to refer to."""
        digest = hashlib.sha256(letters.program).digest()
        tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
        base = name(f"{tag}+{self.name}")
        system = dictionary(
            Registry=pdf_string("Adobe"),
            Ordering=pdf_string("Identity"),
            Supplement=NumberObject(0),
        )
        descendant = dictionary(
            Type=name("Font"),
            Subtype=name("CIDFontType2"),
            BaseFont=base,
            CIDSystemInfo=system,
            CIDToGIDMap=name("Identity"),
            DW=NumberObject(0),
            W=ArrayObject([NumberObject(0), numbers(letters.widths)]),
            FontDescriptor=writer.add_object(self._descriptor(base, letters, writer)),
        )
        return writer.add_object(
            dictionary(
                Type=name("Font"),
                Subtype=name("Type0"),
                BaseFont=base,
                Encoding=name("Identity-H"),
                DescendantFonts=ArrayObject([writer.add_object(descendant)]),
                ToUnicode=writer.add_object(stream(_to_unicode(letters))),
            )
        )

    def _descriptor(
        self, base: NameObject, letters: Letters, writer: BasePdfFileWriter
    ) -> DictionaryObject:
        program = stream(letters.program, Length1=NumberObject(len(letters.program)))
        head = self._head
        return dictionary(
            Type=name("FontDescriptor"),
            FontName=base,
            Flags=NumberObject(SYMBOLIC | (ITALIC if self._italic_angle else 0)),
            FontBBox=numbers((head.xMin, head.yMin, head.xMax, head.yMax)),
            ItalicAngle=FloatObject(self._italic_angle),
            Ascent=NumberObject(self._hhea.ascent),
            Descent=NumberObject(self._hhea.descent),
            CapHeight=NumberObject(self.cap_height),
            StemV=NumberObject(UPRIGHT_STEM),
            FontFile2=writer.add_object(program),
        )

    @cached_property
    def cap_height(self) -> int:
        """Height of a capital letter, in thousandths of the size."""
        return int(self._os2.sCapHeight)

    def _letters(self, used: frozenset[str]) -> Letters:
        font = TTFont(BytesIO(self._data), recalcTimestamp=False, lazy=True)
        options = Options(
            hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, recalc_bounds=False
        )
        cutter = Subsetter(options)
        cutter.populate(unicodes=[ord(letter) for letter in used])
        cutter.subset(font)
        order = font.getGlyphOrder()
        cmap = font.getBestCmap()
        advances = font["hmtx"].metrics
        program = BytesIO()
        font.save(program, reorderTables=False)
        return Letters(
            program=program.getvalue(),
            glyphs={letter: order.index(cmap[ord(letter)]) for letter in sorted(used)},
            widths=tuple(int(advances[glyph][0]) for glyph in order),
        )


def _to_unicode(letters: Letters) -> bytes:
    rows = [
        f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for letter, glyph in letters.glyphs.items()
    ]
    chunks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    ranges = "\n".join(
        f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{ranges}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
