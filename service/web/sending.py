"""A working file as an answer: its hash as ETag and Repr-Digest, parts of it on request."""

from __future__ import annotations

import base64

from flask import Response, request, send_file

from service.ledger.files import FileLost, Files


def send(files: Files, name: str, media_type: str, download_name: str) -> Response:
    """Send the file of this SHA-256; `?download` in the address asks to keep it."""
    path = files.path(name)
    if not path.exists():
        raise FileLost(f"Файла {name} нет в папке данных.")
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment="download" in request.args,
        download_name=download_name,
        conditional=True,
        etag=name,
    )
    digest = base64.b64encode(bytes.fromhex(name)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
