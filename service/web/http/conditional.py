"""Conditional requests (RFC 9110, 13): what a client has already, what it believes it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http import HTTPStatus

from flask import Request, Response

from service.domain.errors import Missing
from service.ledger.looking import looking
from service.web.http.problems import PreconditionFailed

ASIDE = ("HTTP_PREFER", "HTTP_ACCEPT")  # of the change's own answer, not of what it changes
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


@contextmanager
def changing(request: Request, current: Callable[[], Response] | None) -> Iterator[None]:
    """Let a request change only what If-Match and If-None-Match believe to be there.

    `current` answers as a GET of it would; None if nothing there can be got. It is asked at once,
    and again inside each transaction that writes: of two changes made from the same state one
    gets PreconditionFailed. Raises Missing if there should be something.
    """
    _require(request, current)
    if current is None or not (request.if_match or request.if_none_match):
        yield
        return
    with looking(_Seen(request, current)):
        yield


class _Seen:
    """Sees to it that between the looks of a request nobody else changed what it changes."""

    def __init__(self, request: Request, current: Callable[[], Response]) -> None:
        self._request = request
        self._current = current
        self._left: str | None = None  # the tag an earlier transaction of the request left behind

    def before(self) -> None:
        """See Look; raises PreconditionFailed."""
        if self._left is None:
            _require(self._request, self._current)
        elif self._tag_now() != self._left:
            raise PreconditionFailed(CHANGED)

    def after(self) -> None:
        """See Look."""
        self._left = self._tag_now()

    def _tag_now(self) -> str:
        try:
            return _tag(_now(self._request, self._current))
        except Missing:
            return ""


def _require(request: Request, current: Callable[[], Response] | None) -> None:
    if request.if_match:
        tag = current and _tag(_now(request, current))
        if not tag or not request.if_match.contains(tag):
            raise PreconditionFailed(CHANGED)
    if request.if_none_match and current:
        with suppress(Missing):
            if request.if_none_match.contains_weak(_tag(_now(request, current))):
                raise PreconditionFailed(CHANGED)


def _now(request: Request, current: Callable[[], Response]) -> Response:
    """Return the answer as of now, at once and as JSON, whatever the change shall answer."""
    aside = {name: request.environ.pop(name) for name in ASIDE if name in request.environ}
    try:
        return current()
    finally:
        request.environ.update(aside)


def _tag(response: Response) -> str:
    return response.get_etag()[0] or sha256(response.get_data()).hexdigest()[:32]
