"""The style sheet of a DOCX: one named style for every voice a page speaks in."""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.parts import Align
from service.rendering.docx.text import DECLARATION, NAMESPACE, twips
from service.rendering.spreads import LINE

SANS = "PT Sans"
SERIF = "PT Serif"
LANGUAGE = "ru-RU"
LEADING = (LINE - 9.8 * 25.4 / 72) / 2  # above and below a line of type on a ruled line


@dataclass(frozen=True, slots=True)
class Voice:
    """A paragraph style: size and line height in points, space around in millimetres."""

    name: str  # in Word's list of styles
    face: str
    size: float
    line: float
    align: Align = Align.LEFT
    bold: bool = False
    italic: bool = False
    before: float = 0
    after: float = 0
    level: int | None = None  # in the navigation pane
    spread: float = 0  # between letters, points
    indent: float = 0  # millimetres


VOICES = {
    "Normal": Voice("Normal", SERIF, 11, 14.5, after=2),
    "Small": Voice("Small", SERIF, 8.5, 10.8, after=2),
    "Large": Voice("Large", SERIF, 14, 18.5, after=2),
    "Title": Voice("Title", SERIF, 22, 29, Align.CENTER, bold=True, after=2, spread=0.9),
    "Heading1": Voice("heading 1", SERIF, 13, 16, Align.CENTER, bold=True, after=1, level=0),
    "Under": Voice("Under heading", SERIF, 11, 14.5, Align.CENTER, after=3),
    "Fact": Voice("Fact", SERIF, 11, 14.5, before=0.4, after=0.4),
    "Leader": Voice("Leader line", SERIF, 11, 14.5, after=1.1),
    "Corners": Voice("Corners", SANS, 10, 13, after=2),
    "TitleAbove": Voice("Title: above", SERIF, 13, 17, Align.CENTER, after=1.5),
    "TitleName": Voice("Title: name", SERIF, 25, 30, Align.CENTER, bold=True, after=2, spread=1.2),
    "TitleWhat": Voice("Title: what", SERIF, 12, 16, Align.CENTER),
    "TitleFirst": Voice("Title: first line", SERIF, 18, 24, Align.CENTER, bold=True, after=1),
    "TitleLine": Voice("Title: line", SERIF, 14, 18.5, Align.CENTER, after=1),
    "TitleParts": Voice("Title: parts", SERIF, 12, 16, bold=True, after=2),
    "BlankNote": Voice("Blank note", SERIF, 11, 14.5, Align.CENTER, italic=True),
    "Header": Voice("header", SANS, 10, 12),
    "Footer": Voice("footer", SANS, 8, 9.6, Align.CENTER),
    "Cell": Voice("Cell", SANS, 9, 10.6),
    "CellDense": Voice("Cell dense", SANS, 8, 9.4),
    "ColumnHead": Voice("Column head", SANS, 8.5, 9.5, Align.CENTER, bold=True),
    "ColumnHeadDense": Voice("Column head dense", SANS, 7.5, 8.4, Align.CENTER, bold=True),
    "Digit": Voice("Column number", SANS, 7, 8, Align.CENTER),
    "GridHead": Voice("Grid head", SANS, 8.5, 9.8, Align.CENTER),
    "Band": Voice("Grid month", SANS, 7.5, 9, Align.CENTER),
    "Period": Voice("Grid period", SANS, 8.5, 9.5, bold=True, indent=0.8),
    "Mark": Voice("Mark", SANS, 8.5, 9.8, Align.CENTER),
    "Pupil": Voice("Pupil", SANS, 8.5, 9.8, indent=0.6),
    "Topic": Voice("Topic", SANS, 8.5, 9.8, before=LEADING, after=LEADING),
    "Lesson": Voice("Lesson", SANS, 8.5, 9.8, Align.CENTER, before=LEADING, after=LEADING),
    "Hint": Voice("Under a line", SANS, 7, 8.4, Align.CENTER),
    "Date": Voice("Date to sign", SERIF, 10, 13.5),
    "Gap": Voice("Gap", SANS, 1, 1),
}


def style_sheet() -> bytes:
    """Return word/styles.xml."""
    styles = "".join(_style(key, voice) for key, voice in VOICES.items())
    return (
        f'{DECLARATION}<w:styles xmlns:w="{NAMESPACE}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'{_fonts(SERIF)}<w:kern w:val="2"/><w:sz w:val="22"/><w:szCs w:val="22"/>'
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f"{styles}"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style></w:styles>"
    ).encode()


def _fonts(face: str) -> str:
    return f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def _style(key: str, voice: Voice) -> str:
    default = ' w:default="1"' if key == "Normal" else ""
    based = "" if key == "Normal" else '<w:basedOn w:val="Normal"/>'
    level = "" if voice.level is None else f'<w:outlineLvl w:val="{voice.level}"/>'
    bold = "<w:b/><w:bCs/>" if voice.bold else ""
    italic = "<w:i/><w:iCs/>" if voice.italic else ""
    spread = f'<w:spacing w:val="{round(voice.spread * 20)}"/>' if voice.spread else ""
    indent = f'<w:ind w:left="{twips(voice.indent)}"/>' if voice.indent else ""
    half = round(voice.size * 2)
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{voice.name}"/>'
        f"{based}<w:qFormat/><w:pPr>"
        f'<w:spacing w:before="{twips(voice.before)}" w:after="{twips(voice.after)}"'
        f' w:line="{round(voice.line * 20)}" w:lineRule="exact"/>{indent}'
        f'<w:jc w:val="{voice.align.value}"/>{level}</w:pPr><w:rPr>{_fonts(voice.face)}'
        f'{bold}{italic}{spread}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>'
    )
