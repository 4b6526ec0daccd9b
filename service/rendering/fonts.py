"""Fonts as a PDF carries them: one subset a face, glyphs with their text (ISO 32000-1, 9.7)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from service.rendering.typeface import Face

CMAP = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{pairs}"
    "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
)


def font(writer: PdfWriter, face: Face, glyphs: Mapping[int, str]) -> IndirectObject:
    """Add a face with the glyphs a document uses; return the font's reference."""
    tag = "".join(
        chr(65 + byte % 26)
        for byte in md5(repr(sorted(glyphs)).encode(), usedforsecurity=False).digest()[:6]
    )
    name = NameObject(f"/{tag}+{face.name}")
    file = _stream(face.subset(glyphs))
    ascent, descent = face.extents
    descriptor = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/FontDescriptor"),
            NameObject("/FontName"): name,
            NameObject("/Flags"): NumberObject(4),
            NameObject("/FontBBox"): ArrayObject(map(NumberObject, (-500, descent, 1500, ascent))),
            NameObject("/ItalicAngle"): NumberObject(-12 if "Italic" in face.name else 0),
            NameObject("/Ascent"): NumberObject(ascent),
            NameObject("/Descent"): NumberObject(descent),
            NameObject("/CapHeight"): NumberObject(700),
            NameObject("/StemV"): NumberObject(140 if "Bold" in face.name else 80),
            NameObject("/FontFile2"): writer._add_object(file),
        }
    )
    widths = ArrayObject()
    for glyph, advance in face.advances(glyphs):
        widths.extend([NumberObject(glyph), ArrayObject([FloatObject(advance)])])
    descendant = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType2"),
            NameObject("/BaseFont"): name,
            NameObject("/CIDSystemInfo"): DictionaryObject(
                {
                    NameObject("/Registry"): TextStringObject("Adobe"),
                    NameObject("/Ordering"): TextStringObject("Identity"),
                    NameObject("/Supplement"): NumberObject(0),
                }
            ),
            NameObject("/FontDescriptor"): writer._add_object(descriptor),
            NameObject("/CIDToGIDMap"): NameObject("/Identity"),
            NameObject("/W"): widths,
        }
    )
    whole = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): name,
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/DescendantFonts"): ArrayObject([writer._add_object(descendant)]),
            NameObject("/ToUnicode"): writer._add_object(_stream(_cmap(glyphs))),
        }
    )
    return writer._add_object(whole)


def _cmap(glyphs: Mapping[int, str]) -> bytes:
    pairs = sorted(glyphs.items())
    blocks = []
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines = "".join(
            f"<{glyph:04X}> <{text.encode('utf-16-be').hex().upper()}>\n" for glyph, text in block
        )
        blocks.append(f"{len(block)} beginbfchar\n{lines}endbfchar\n")
    return CMAP.format(pairs="".join(blocks)).encode()


def _stream(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    packed = stream.flate_encode(level=9)
    packed[NameObject("/Length1")] = NumberObject(len(data))
    return packed  # type: ignore[return-value]
