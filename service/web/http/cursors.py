"""Cursors of lists: where to go on, sealed, so that they mean nothing but that, and only here."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import Request
from pydantic import Field
from sqlalchemy import Connection

from service.domain.errors import Fault
from service.ledger import pages
from service.ledger.database import Database
from service.ledger.pages import Page, Place
from service.web.http.bodies import Invalid
from service.web.http.operations import Query

MOST = 200

Row = TypeVar("Row")


class Paged(Query):
    """A page of a list: at most so many, from where the page before it ended."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Сколько показать на странице")] = 50
    cursor: Annotated[
        str | None, Field(max_length=400, description="`next` предыдущей страницы")
    ] = None


class CursorWrong(Invalid):
    """The cursor is of another list, of another search, or damaged."""

    code = "cursor-wrong"
    title = "Продолжение списка не принято"


@dataclass(frozen=True, slots=True)
class Cut(Generic[Row]):
    """The rows of a page; `next` is the cursor of what follows, None at the end."""

    rows: Sequence[Row]
    next: str | None
    headers: Mapping[str, str]  # Link, RFC 8288


@dataclass(frozen=True)
class Cursors:
    """Opens and seals the cursors of one service.

    AES-SIV (RFC 5297) gives a place the same cursor every time, so that a page has one ETag, and
    binds it to the address, the school and the search it came from. Nothing is allowed because of
    a cursor: whose rows are shown is asked anew for each page. So the key may lie in the ledger as
    it is: whoever can read it there reads every row a cursor could lead to.
    """

    database: Database

    def read(
        self,
        request: Request,
        query: Paged,
        school: str,
        rows: Callable[[Connection, str, Page], Sequence[Row]],
        place: Callable[[Row], Place],
    ) -> Cut[Row]:
        """Return the page of a school's `rows` that a query asks for, or raise CursorWrong."""
        page = self.page(request, query, school)
        with self.database.reading() as connection:
            found = rows(connection, school, page)
        return self.cut(request, query, school, found, place)

    def page(self, request: Request, query: Paged, school: str) -> Page:
        """Return the page a query asks for, or raise CursorWrong."""
        seal = self._seal  # before the caller takes a connection, so that nobody needs two
        if query.cursor is None:
            return Page(query.limit)
        try:
            sealed = base64.b64decode(query.cursor + "=" * (-len(query.cursor) % 4), b"-_", True)
            opened = seal.decrypt(sealed, _context(request, query, school))
        except (InvalidTag, binascii.Error, ValueError):
            message = "Этот cursor не отсюда: возьмите next из ответа на такой же запрос."
            raise CursorWrong(message, (Fault("/cursor", "cursor-wrong", message),)) from None
        moment, name = json.loads(opened)
        return Page(query.limit, (datetime.fromisoformat(moment), name))

    def cut(
        self,
        request: Request,
        query: Paged,
        school: str,
        found: Sequence[Row],
        place: Callable[[Row], Place],
    ) -> Cut[Row]:
        """Return what is shown of the rows found, of which there is one more if there is more."""
        shown = found[: query.limit]
        if len(found) <= query.limit:
            return Cut(shown, None, {})
        moment, name = place(shown[-1])
        opened = json.dumps([moment.isoformat(), name]).encode()
        sealed = self._seal.encrypt(opened, _context(request, query, school))
        cursor = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
        given = request.args.to_dict() | {"cursor": cursor}
        link = f'<{request.path}?{urlencode(given)}>; rel="next"'
        return Cut(shown, cursor, {"Link": link})

    @cached_property
    def _seal(self) -> AESSIV:
        with self.database.reading() as connection:
            key = pages.sealing_key(connection)
        if key is None:
            with self.database.writing() as connection:
                key = pages.make_sealing_key(connection)
        return AESSIV(key)


def _context(request: Request, query: Paged, school: str) -> list[bytes]:
    search = query.model_dump_json(exclude={"limit", "cursor"})
    return [request.path.encode(), school.encode(), search.encode()]
