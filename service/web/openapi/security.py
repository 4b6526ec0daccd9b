"""How a request says who asks: a token, the cookie of a login, the certificate of a client.

Browsers send cookies and certificates unasked, so whoever uses one to change something says too
that the page he does it from is one of ours.
"""

from __future__ import annotations

from typing import Any

from service.web.http import cookies
from service.web.http.operations import Operation
from service.web.openapi.lexicon import lexicon

TOKEN, SESSION, CERTIFICATE, SAME_ORIGIN = "token", "session", "certificate", "same-origin"
UNASKED = (SESSION, CERTIFICATE)


def schemes(*, secure: bool) -> dict[str, Any]:
    """Return the schemes as components; over https the cookie has another name."""
    words = lexicon().info
    told: dict[str, dict[str, str]] = {
        TOKEN: {"type": "http", "scheme": "bearer"},
        SESSION: {"type": "apiKey", "in": "cookie", "name": cookies.name(secure=secure)},
        SAME_ORIGIN: {"type": "apiKey", "in": "header", "name": cookies.SITE},
        CERTIFICATE: {"type": "mutualTLS"},
    }
    return {name: one | {"description": words[name]} for name, one in told.items()}


def required(one: Operation) -> list[dict[str, list[str]]]:
    """Return what an operation asks for, each entry enough by itself; nothing if of nobody."""
    if not one.secured:
        return []
    tokens: list[dict[str, list[str]]] = [{TOKEN: []}] if one.by_token else []
    besides: dict[str, list[str]] = {} if one.method in cookies.SAFE else {SAME_ORIGIN: []}
    return [*tokens, *({name: []} | besides for name in UNASKED)]
