"""Pages for people: written by Jinja2, dressed in one style each, guarded by one policy."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.domain.errors import ServiceError
from service.web.http.problems import MEDIA_TYPE, status_of, wait_of
from service.web.http.sending import wanted

HTML = "text/html"
OFFICE = "/office/"  # where people work, and where a page of trouble leads back
FOLDER = Path(__file__).parents[1] / "pages"


class Pages:
    """Writes the pages of one stylesheet; nothing of them is fetched from elsewhere.

    `allowed` are further directives of the Content-Security-Policy, by name.
    """

    def __init__(
        self,
        style: str,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        **allowed: str,
    ) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= filters or {}
        self._style = (FOLDER / style).read_text(encoding="utf-8")
        self._headers = {"Content-Security-Policy": policy(self._style, **allowed)}
        if "form_action" in allowed:  # under no-referrer a form would say Origin: null
            self._headers["Referrer-Policy"] = "same-origin"

    def written(self, template: str, status: int = HTTPStatus.OK, **values: object) -> Response:
        """Return a page; what it tells is kept by no cache."""
        style = Markup(self._style)  # noqa: S704 (a file of this package)
        body = self._environment.get_template(template).render(style=style, **values)
        response = Response(body, status=status, content_type=f"{HTML}; charset=utf-8")
        response.headers.update(self._headers)
        response.headers["Cache-Control"] = "no-store"
        return response

    def refused(self, error: ServiceError, back: str, way: str) -> Response:
        """Return the page that says what went wrong, with a way out."""
        response = self.written(
            "notice.html",
            status_of(error),
            heading=error.title,
            told=str(error),
            back=back,
            way=way,
        )
        return told_to_wait(response, error)


def policy(style: str, **allowed: str) -> str:
    """Return the Content-Security-Policy of a page: its own style, and what is allowed besides."""
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    directives = {"form_action": "'none'"} | allowed
    told = "; ".join(f"{name.replace('_', '-')} {value}" for name, value in directives.items())
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        f"base-uri 'none'; {told}; frame-ancestors 'none'"
    )


def sent_to(place: str) -> Response:
    """Send the browser to another page of this service, to be read there."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": place})


def told_to_wait(response: Response, error: ServiceError) -> Response:
    """Say in a header how long, if an error is one that passes."""
    wait = wait_of(error)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def for_a_person() -> bool:
    """Whether the request comes of somebody who wants to read a page."""
    return request.method == "GET" and wanted(MEDIA_TYPE, HTML) == HTML


def answered(pages: Pages, view: Callable[..., Response]) -> Callable[..., Response]:
    """Return a view whose expected errors are told on a page."""

    def answer(**given: str) -> Response:
        try:
            return view(**given)
        except ServiceError as error:
            return pages.refused(error, OFFICE, "К документам")

    return answer
