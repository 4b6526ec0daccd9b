"""word/theme/theme1.xml: Word wants one; it names the two typefaces and no colour but black."""

from __future__ import annotations

from service.rendering.docx.styles import SANS, SERIF
from service.rendering.docx.text import DECLARATION

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "404040",
    "lt2": "F2F2F2",
    "accent1": "404040",
    "accent2": "595959",
    "accent3": "737373",
    "accent4": "8C8C8C",
    "accent5": "A6A6A6",
    "accent6": "BFBFBF",
    "hlink": "000000",
    "folHlink": "404040",
}


def theme() -> bytes:
    """Return the theme."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in COLOURS.items()
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    line = "".join(
        f'<a:ln w="{width}"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>'
        for width in (6350, 9525, 12700)
    )
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{DECLARATION}<a:theme xmlns:a="{DRAWING}" name="vedomost"><a:themeElements>'
        f'<a:clrScheme name="vedomost">{colours}</a:clrScheme><a:fontScheme name="vedomost">'
        f"<a:majorFont>{_face(SERIF)}</a:majorFont><a:minorFont>{_face(SANS)}</a:minorFont>"
        f'</a:fontScheme><a:fmtScheme name="vedomost"><a:fillStyleLst>{fill}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    ).encode()


def _face(name: str) -> str:
    return f'<a:latin typeface="{name}"/><a:ea typeface=""/><a:cs typeface=""/>'
