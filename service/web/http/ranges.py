"""Which part of a file is asked for (RFC 9110, 13.2.2 and 14.2), before Werkzeug sees it.

Werkzeug takes a Range before any condition, refuses a suffix longer than the file, several parts
and units other than bytes, and lets a weak If-Range through.
"""

from __future__ import annotations

import re

from flask import Request

_ONE = re.compile(r"bytes=[ \t]*([0-9]{1,18})?-([0-9]{1,18})?[ \t]*", re.IGNORECASE)


def settle(request: Request, tag: str, size: int) -> None:
    """Leave of the Range of a request for a file only what counts; else all of it is sent.

    `tag` is the file's strong ETag without quotes. One part of bytes counts, asked for with GET
    by who passes If-Match and If-None-Match and has, if he says so, these very bytes. A part
    beyond the file stays and is refused; the part of a smaller file is what there is of it.
    """
    part = _part(request.environ.pop("HTTP_RANGE", ""), size)
    of_this = request.environ.pop("HTTP_IF_RANGE", f'"{tag}"').strip() == f'"{tag}"'
    if part and request.method == "GET" and of_this and _passes(request, tag):
        request.environ["HTTP_RANGE"] = part


def _passes(request: Request, tag: str) -> bool:
    missed = request.if_match and not request.if_match.contains(tag)
    has_it = request.if_none_match and request.if_none_match.contains_weak(tag)
    return not (missed or has_it)


def _part(wanted: str, size: int) -> str:
    """Return one part as Werkzeug understands it, empty for what may be ignored."""
    found = _ONE.fullmatch(wanted)
    if found is None or not any(found.groups()):
        return ""
    first, last = found.groups()
    if first is None:
        return f"bytes=-{min(int(last), size)}"
    if last is not None and int(last) < int(first):
        return ""
    return f"bytes={first}-{last or ''}"
