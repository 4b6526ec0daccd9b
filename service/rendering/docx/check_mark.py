"""The QR code of a document in Word: picture and caption at the places they have in PDF."""

from __future__ import annotations

from service.documents.parts import Align
from service.rendering.check_mark import CAPTION_WIDTH, LEADING, SIZE, Caption, CheckMark
from service.rendering.docx.text import escaped, paragraph, run

REFERENCE = "qr"  # of the relationship to the picture
PICTURE = "/word/media/qr.png"
EMU = 12_700  # in a point
MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURES = "http://schemas.openxmlformats.org/drawingml/2006/picture"
PLACES = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OBLONG = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
OVER = 6.0  # points the caption's box is wider than the code, on both sides


def check_mark(mark: CheckMark) -> str:
    """Return runs that hold the code and its caption; they take no room in their paragraph."""
    return f"{_picture(mark)}{_caption(mark)}"


def _picture(mark: CheckMark) -> str:
    side = mark.shape.side
    told = f'name="QR-код" descr="{escaped(f"QR-код: проверка документа, {mark.code.address}")}"'
    picture = (
        f'<pic:pic xmlns:pic="{PICTURES}"><pic:nvPicPr><pic:cNvPr id="1" {told}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{REFERENCE}"/><a:stretch><a:fillRect/>'
        f"</a:stretch></pic:blipFill><pic:spPr>{_size(side, side)}{OBLONG}</pic:spPr></pic:pic>"
    )
    placed = _placed(mark.square, side, side, f'<wp:docPr id="1" {told}/>', PICTURES, picture)
    return f"<w:r>{placed}</w:r>"


def _caption(mark: CheckMark) -> str:
    lines = mark.caption
    text = "".join(
        paragraph("Hint", run(line, size=SIZE), align=align, line=LEADING)
        for line in lines
        for align in [Align.RIGHT if mark.shape.caption is Caption.BESIDE else Align.CENTER]
    )
    height = LEADING * len(lines) + 1
    if mark.shape.caption is Caption.BESIDE:
        place, width = (mark.x - OVER, _foot(mark) - height + 2), CAPTION_WIDTH + OVER
    else:
        place = (mark.x - OVER, mark.y + mark.shape.side - 1)
        width = mark.shape.side + 2 * OVER
    box = (
        f'<wps:wsp xmlns:wps="{SHAPES}"><wps:cNvSpPr txBox="1"/><wps:spPr>{_size(width, height)}'
        f"{OBLONG}<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{text}"
        '</w:txbxContent></wps:txbx><wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0">'
        "<a:noAutofit/></wps:bodyPr></wps:wsp>"
    )
    named = '<wp:docPr id="2" name="Подпись под QR-кодом"/>'
    return (
        f'<w:r><mc:AlternateContent xmlns:mc="{CHOICES}"><mc:Choice xmlns:wps="{SHAPES}" '
        f'Requires="wps">{_placed(place, width, height, named, SHAPES, box)}</mc:Choice>'
        "</mc:AlternateContent></w:r>"
    )


def _foot(mark: CheckMark) -> float:
    """Return where the last row of modules ends."""
    return mark.dark[1] + mark.code.modules * mark.module


def _placed(
    place: tuple[float, float], width: float, height: float, named: str, kind: str, graphic: str
) -> str:
    """Return a drawing that stands at a place of the page, whatever the text around it does."""
    (x, y), extent = place, f'cx="{_emu(width)}" cy="{_emu(height)}"'
    return (
        f'<w:drawing><wp:anchor xmlns:wp="{PLACES}" distT="0" distB="0" distL="0" distR="0" '
        'simplePos="0" relativeHeight="1" behindDoc="0" locked="1" layoutInCell="1" '
        'allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{_emu(x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{_emu(y)}</wp:posOffset></wp:positionV>'
        f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>{named}'
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{MAIN}"><a:graphicData uri="{kind}">{graphic}'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )


def _size(width: float, height: float) -> str:
    return f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{_emu(width)}" cy="{_emu(height)}"/></a:xfrm>'


def _emu(points: float) -> int:
    return round(points * EMU)
