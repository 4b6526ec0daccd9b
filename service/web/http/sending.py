"""Files as answers: working ones with their hash as ETag, papers in the format Accept asks for."""

from __future__ import annotations

import base64

from flask import Response, request, send_file

from service.ledger.files import Files
from service.web.http import ranges
from service.workflow.keeping.deposit import DOCX, MEDIA_TYPES, PDF
from service.workflow.printing.paper import Paper

PAPER = (MEDIA_TYPES[PDF], MEDIA_TYPES[DOCX])  # what a paper comes in


def send(files: Files, name: str, media_type: str, download_name: str) -> Response:
    """Send the file of this SHA-256, or the part asked for; raises FileLost."""
    path = files.local(name)
    ranges.settle(request, name, path.stat().st_size)
    response = send_file(
        path,
        mimetype=media_type,
        download_name=download_name,
        conditional=True,
        etag=name,
    )
    digest = base64.b64encode(bytes.fromhex(name)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def wanted(*offered: str) -> str:
    """Return the media type the request accepts best; the first where it does not say."""
    return request.accept_mimetypes.best_match(offered, offered[0])


def send_paper(paper: Paper, media_type: str, name: str) -> Response:
    """Send a paper in one of PAPER; `name` is its file's, without a suffix."""
    suffix = "pdf" if media_type == MEDIA_TYPES[PDF] else "docx"
    response = Response(paper.pdf if suffix == "pdf" else paper.docx, content_type=media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{suffix}"'
    response.headers["Vary"] = "Accept"
    return response
