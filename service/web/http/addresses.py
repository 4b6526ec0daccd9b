"""Addresses that mean one thing to the proxy in front and another here are nobody's."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from flask import Request

from service.web.http.access import NotFound
from service.web.http.unread import Unread

RAW = "RAW_URI"  # as gunicorn and werkzeug call what stood in the first line
SLASH = re.compile("%2f|%5c", re.IGNORECASE)


def require_plain(request: Request) -> None:
    """Pass if an address is UTF-8 (RFC 3986, 2.5), and its slashes are what they seem.

    Raises Unread or NotFound.
    """
    path, _, query = str(request.environ.get(RAW, "")).partition("?")
    for part in (path, query):
        try:
            unquote_to_bytes(part).decode()
        except UnicodeDecodeError:
            raise Unread("Знаки адреса и параметров кодируются по UTF-8, здесь — нет.") from None
    if SLASH.search(path) or request.environ["PATH_INFO"].startswith("//"):
        raise NotFound("Такого адреса нет: в нём лишняя или закодированная косая черта.")
