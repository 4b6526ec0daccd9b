"""The signer's page: documents of a session, signed through CryptoPro's browser plug-in."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, send_from_directory

PAGES = Path(__file__).parent / "pages"
FILES = {"": "office.html"} | {name: name for name in ("office.css", "office.js", "plugin.js")}
PLUGIN = "cadesplugin_api.js"  # of CryptoPro, not ours to hand on: the operator puts it there
EXTENSIONS = (
    "chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog",
    "chrome-extension://epebfcehmdedogndhlcacafjaacknbcm",
)
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {' '.join(EXTENSIONS)}",
        "style-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def serve(app: Flask, plugin: Path | None) -> None:
    """Add the page under /office/; `plugin` is the folder of CryptoPro's `cadesplugin_api.js`.

    Without it the page still opens and says what is missing.
    """
    for path, name in FILES.items():
        app.add_url_rule(f"/office/{path}", f"office {path}", partial(_file, PAGES, name))
    given = partial(_file, plugin, PLUGIN) if plugin is not None else _absent
    app.add_url_rule(f"/office/{PLUGIN}", "office plug-in", given)


def _file(folder: Path, name: str) -> Response:
    answer = send_from_directory(folder, name, max_age=300)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _absent() -> Response:
    return Response(status=HTTPStatus.NOT_FOUND)
