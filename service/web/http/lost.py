"""Somebody with a browser at an address that is nobody's reads a page; a program, a problem."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from service.web.http.html import OFFICE, Pages, for_a_person
from service.web.http.problems import DETAILS, TITLES, http_problem


def answer_the_lost(app: Flask) -> None:
    """Have an unknown address, or one nobody reads, answered in what the request accepts."""
    pages = Pages("people.css")

    def answer(error: HTTPException) -> Response:
        response = http_problem(error)
        if for_a_person():
            status = HTTPStatus(response.status_code)
            page = pages.written(
                "notice.html",
                status,
                heading=TITLES[status],
                told=DETAILS[status],
                back=OFFICE,
                way="К документам",
            )
            if "Allow" in response.headers:
                page.headers["Allow"] = response.headers["Allow"]
            response = page
        response.vary.add("Accept")
        return response

    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        app.register_error_handler(status, answer)
