"""Conditional requests (RFC 9110, 13): what a client has already, what it believes it changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus

from flask import Request, Response

from service.domain.errors import Missing
from service.web.problems import PreconditionFailed

CHANGED = "Здесь уже не то, что вы видели: получите сведения заново и решите, нужно ли действие."


def read(request: Request, view: Callable[[], Response], cached: str) -> Response:
    """Return the answer to a GET or HEAD: 304 if the client has it, else with a strong ETag.

    The tag is of the very bytes, unless the view has set one; what is streamed, or sent out of a
    file, has looked at the conditions already. `cached` is the Cache-Control of an answer that
    says nothing of it. Raises PreconditionFailed.
    """
    if request.if_match.star_tag:
        del request.environ["HTTP_IF_MATCH"]  # Werkzeug takes it for a tag that matches nothing
    response = view()
    whole = not (response.is_streamed or response.direct_passthrough)
    if whole and response.status_code == HTTPStatus.OK:
        response.set_etag(_tag(response))
        response.headers.setdefault("Cache-Control", cached)
        response.make_conditional(request)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.close()
        raise PreconditionFailed(CHANGED)
    return response


def require(request: Request, current: Callable[[], Response] | None) -> None:
    """Pass if what a request changes is what If-Match and If-None-Match believe it to be.

    `current` answers as a GET of it would; None if nothing there can be got. Raises
    PreconditionFailed, or Missing if there should be something.
    """
    if request.if_match:
        tag = current and _tag(current())
        if not tag or not request.if_match.contains(tag):
            raise PreconditionFailed(CHANGED)
    if request.if_none_match and current:
        with suppress(Missing):
            if request.if_none_match.contains_weak(_tag(current())):
                raise PreconditionFailed(CHANGED)


def _tag(response: Response) -> str:
    return response.get_etag()[0] or sha256(response.get_data()).hexdigest()[:32]
