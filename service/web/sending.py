"""A working file as an answer: its hash as ETag and Repr-Digest, parts of it on request."""

from __future__ import annotations

import base64

from flask import Response, request, send_file

from service.ledger.files import Files


def send(files: Files, name: str, media_type: str, download_name: str) -> Response:
    """Send the file of this SHA-256, or raise FileLost; `?download` asks to keep it."""
    response = send_file(
        files.local(name),
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
