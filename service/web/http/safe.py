"""Headers that every answer has, so that a browser does nothing with it that nobody meant."""

from __future__ import annotations

from flask import Response

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def safe(response: Response) -> Response:
    """Return an answer with those of the headers it does not choose itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
