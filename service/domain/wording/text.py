"""Text of a source journal, made plain: what a teacher typed, without markup."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from unicodedata import is_normalized, normalize

NBSP = "\u00a0"
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0001-\U000e007f"
)
_BREAKS = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_SUSPECT = re.compile(f"[<&\t\x1f{_INVISIBLE}{_BREAKS}]|  ")
_CONTROL = re.compile(f"[{_INVISIBLE}]")
_UNPRINTED = re.compile(f"[\t\x1f{_INVISIBLE}{_BREAKS}]")
_SPACES = re.compile(r"[ \t\x1f]+")
_LINES = re.compile(f"[{_BREAKS}]+")

# Only real elements with real attributes: «a < b», «x<b и c>d», «<почта@школа.рф>» are text.
_ATTRIBUTE = (
    r"""(?>\s+(?:[a-z][\w:.-]*\s*=\s*(?>"[^"]*"|'[^']*'|[^\s"'<>]+)"""
    r"""|(?:allowfullscreen|async|checked|controls|defer|disabled|download|hidden|nowrap|selected)"""
    r"""(?=[\s/>])))"""
)
_BLOCK = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|figure|footer|form|h[1-6]|head|"
    "header|hr|html|li|main|nav|ol|option|p|pre|section|table|tbody|tfoot|thead|title|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|audio|b|bdi|bdo|big|button|canvas|caption|cite|code|col|colgroup|del|dfn|em|"
    "embed|font|i|iframe|img|input|ins|kbd|label|link|mark|meta|nobr|object|param|picture|q|s|"
    "samp|select|small|source|span|strike|strong|sub|sup|svg|td|textarea|th|time|tt|u|var|video|"
    "wbr|[a-z][a-z0-9]*:[a-z]+"
)
_UNSEEN = re.compile(
    rf"<!--.*?-->|<!doctype\s[^<>]*>|<(script|style)\b{_ATTRIBUTE}*+\s*>.*?</\1\s*>", re.I | re.S
)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTE}*+\s*/?>", re.I)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTE}*+\s*/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.I)

_SHORT = 80


def one_line(text: str) -> bool:
    """Tell whether a text is one line, with no sign that is unseen or turns the reading round."""
    return not _UNPRINTED.search(text)


def plain(text: str) -> str:
    """Return the text as it is printed: one line, NFC, no markup, no control characters.

    HTML elements go, entities are resolved, line breaks become «; » (a space after «;», «:», «,»).
    A sign that is not markup stays: «a < b». Meant for text as the source sent it, once.
    """
    return _remembered(text) if len(text) <= _SHORT else _made_plain(text)


def _made_plain(text: str) -> str:
    if not _SUSPECT.search(text):
        text = text if is_normalized("NFC", text) else normalize("NFC", text)
        return text.strip(" ")
    if "<" in text:
        text = _UNSEEN.sub("", text)
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    return normalize("NFC", _in_one_line(text))


def _in_one_line(text: str) -> str:
    lines = [line for raw in _LINES.split(text) if (line := raw.strip(" "))]
    if not lines:
        return ""
    joined = lines[0]
    for line in lines[1:]:
        joined += (" " if joined.endswith((";", ":", ",")) else "; ") + line
    return joined


_remembered = lru_cache(maxsize=32_768)(_made_plain)
