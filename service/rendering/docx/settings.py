"""word/settings.xml: how Word opens and lays out the file."""

from __future__ import annotations

from service.rendering.docx.styles import LANGUAGE
from service.rendering.docx.text import DECLARATION, NAMESPACE

WORD = "http://schemas.microsoft.com/office/word"


def settings(*, mirrored: bool, fonts_inside: bool) -> bytes:
    """Return the settings; `mirrored`: the margins of even pages change sides."""
    sides = "<w:mirrorMargins/>" if mirrored else ""
    fonts = "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>" if fonts_inside else ""
    return (
        f'{DECLARATION}<w:settings xmlns:w="{NAMESPACE}"><w:zoom w:percent="100"/>{fonts}{sides}'
        '<w:hideSpellingErrors/><w:hideGrammaticalErrors/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{WORD}" w:val="15"/>'
        f'<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" w:uri="{WORD}"'
        f' w:val="1"/><w:compatSetting w:name="enableOpenTypeFeatures" w:uri="{WORD}" w:val="1"/>'
        f'<w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="{WORD}" w:val="1"/></w:compat>'
        f'<w:themeFontLang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    ).encode()
