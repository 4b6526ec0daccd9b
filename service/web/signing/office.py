"""The signer's page: what awaits his signature, signed through CryptoPro's browser plug-in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, request, send_from_directory
from sqlalchemy import Connection

from service.bootstrap.serving import Service
from service.domain.access.rights import REGION, Right
from service.domain.approving.approval import Role
from service.ledger import snapshots
from service.ledger.documents import WAITING, Document
from service.ledger.pages import Page
from service.ledger.people import accounts
from service.ledger.people.accounts import Account
from service.ledger.search import Sought, search
from service.web.http.access import Caller
from service.web.http.gate import Gate
from service.web.http.html import FOLDER, OFFICE, Pages, answered, sent_to
from service.web.openapi.lexicon import lexicon
from service.web.people.visits import LOGIN, PASSWORD, account_of, duties_of
from service.web.signing.models import MOST_ITEMS, ItemTold
from service.web.signing.sessions import SigningSessions
from service.web.signing.told import Shown
from service.workflow.people.log_in import Way

FILES = ("office.js", "plugin.js")
KEPT = 300  # seconds a browser need not ask again for these
PLUGIN = "cadesplugin_api.js"  # of CryptoPro, not ours to hand on: the operator puts it there
EXTENSIONS = (
    "chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog",
    "chrome-extension://epebfcehmdedogndhlcacafjaacknbcm",
)
WAITS = "ждёт подписи"
STANDINGS = {
    "unprepared": WAITS,
    "waiting": WAITS,
    "signed": "подписан",
    "refused": "не подписать",
}
OPEN = frozenset({"unprepared", "waiting"})
NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Row:
    """A document or package as the page shows it."""

    id: str
    title: str
    href: str
    class_title: str = ""
    part: str = ""  # of the year, of several volumes
    pages: str = ""
    sheets: str = ""
    sha256: str = ""
    state: str = "waiting"
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether it can still be signed."""
        return self.state in OPEN

    @property
    def standing(self) -> str:
        """How it stands, in Russian."""
        return STANDINGS[self.state]


@dataclass(frozen=True, slots=True)
class Desk:
    """What one role signs: all that waits for it, or the items of one session."""

    role: str
    rows: tuple[Row, ...]
    session: str = ""
    more: bool = False
    works: bool = True

    @property
    def title(self) -> str:
        """Return who that is, in Russian."""
        return lexicon().values["Duty"][self.role].partition(":")[0]


class Office:
    """The views."""

    def __init__(self, service: Service, gate: Gate) -> None:
        self.service = service
        self.gate = gate
        self.sessions = SigningSessions(service)
        self.pages = Pages(
            "people.css",
            script_src=f"'self' {' '.join(EXTENSIONS)}",
            connect_src="'self'",
            form_action="'self'",
        )

    def serve(self, app: Flask, plugin: Path | None) -> None:
        """Add the page under /office/; `plugin` is the folder of CryptoPro's `cadesplugin_api.js`.

        Without it the page still opens and says what is missing.
        """
        for path, view in (
            ("/", lambda: sent_to(OFFICE)),
            (OFFICE, self.page),
            (f"{OFFICE}sessions/<signing>", self.session),
            (f"{OFFICE}documents/<document>", self.document),
        ):
            app.add_url_rule(path, path, answered(self.pages, view))
        for name in FILES:
            app.add_url_rule(f"{OFFICE}{name}", name, partial(_file, FOLDER, name))
        given = partial(_file, plugin, PLUGIN) if plugin is not None else _absent
        app.add_url_rule(f"{OFFICE}{PLUGIN}", PLUGIN, given)

    def page(self) -> Response:
        """Show all that waits for whoever asks."""
        caller = self._visitor()
        if isinstance(caller, Response):
            return caller
        desks = []
        if caller.school != REGION and Right.SIGN in caller.reach.rights:
            with self.service.database.reading() as connection:
                desks = [self._waiting(connection, caller, one) for one in sorted(caller.roles)]
        return self._shown(caller, desks)

    def session(self, signing: str) -> Response:
        """Show the items of a session somebody has opened for whoever asks."""
        caller = self._visitor()
        if isinstance(caller, Response):
            return caller
        caller.may(Right.OPEN)
        told = self.sessions.told(signing, caller, Shown(parts=False))
        rows = tuple(_item(one) for one in told.items)
        works = told.state == "open" and any(one.open for one in rows)
        return self._shown(caller, [Desk(told.role, rows, told.id, works=works)])

    def document(self, document: str) -> Response:
        """Show a document's PDF to whoever is in, else the way in."""
        caller = self._visitor()
        if isinstance(caller, Response):
            return caller
        return sent_to(f"/v1/documents/{document}/pdf")

    def _visitor(self) -> Caller | Response:
        """Return who is there, or where to send him first."""
        caller = self.gate.visitor(request)
        if caller is None:
            return sent_to(f"{LOGIN}?{urlencode({'next': request.path})}")
        if caller.must_change_password:
            return sent_to(f"{PASSWORD}?{urlencode({'next': request.path})}")
        return caller

    def _shown(self, caller: Caller, desks: Iterable[Desk]) -> Response:
        account = account_of(self.service, caller)
        return self.pages.written(
            "office.html",
            name=account.name if account else duties_of(caller).capitalize(),
            duties=duties_of(caller) if account else "",
            school=self._title(caller.school),
            others=self._others(caller, account),
            password=caller.way is Way.PASSWORD,
            leaves=caller.way in {Way.PASSWORD, Way.OIDC},
            desks=tuple(desks),
        )

    def _waiting(self, connection: Connection, caller: Caller, role: Role) -> Desk:
        sought = Sought(caller.school, state=WAITING[role], latest=True, classes=caller.classes)
        found = search(connection, sought, Page(MOST_ITEMS))
        shown = found[:MOST_ITEMS]
        terms = {
            (name, term.id): term.title
            for name in {one.snapshot for one in shown}
            for term in snapshots.get(connection, caller.school, name).terms
        }
        rows = [self._row(one, terms.get((one.snapshot, one.term), "")) for one in shown]
        rows.sort(key=lambda row: (row.title, _natural(row.class_title), row.part))
        return Desk(role, tuple(rows), more=len(found) > len(shown))

    def _row(self, document: Document, term: str) -> Row:
        kind = self.service.kinds.get(document.kind)
        volume = f"том {document.volume} из {document.volumes}" if document.volumes != 1 else ""
        return Row(
            id=document.id,
            title=kind.title if kind else document.kind,
            href=f"{OFFICE}documents/{document.id}",
            class_title=document.class_title,
            part=", ".join(one for one in (term, volume) if one),
            pages=_number(document.pages),
            sheets=_number(document.sheets),
            sha256=document.pdf or "",
        )

    def _others(self, caller: Caller, account: Account | None) -> list[dict[str, str]]:
        """Return the other schools somebody whom the provider knows may go over to."""
        if account is None or caller.way is not Way.OIDC:
            return []
        with self.service.database.reading() as connection:
            same = accounts.of_person(connection, account)
        schools = [one.reach.school for one in same if one.id != account.id]
        return [
            {
                "name": self._title(school),
                "href": f"/v1/login/oidc?{urlencode({'school': school, 'next': OFFICE})}",
            }
            for school in schools
        ]

    def _title(self, school: str) -> str:
        return "все школы" if school == REGION else self.service.schools(school).title or school


def _item(item: ItemTold) -> Row:
    name = item.document or item.package or ""
    return Row(
        id=name,
        title=item.title or "Пакет документов",
        href=f"{OFFICE}documents/{name}" if item.document else item.preview or "",
        class_title=item.class_title or "",
        pages=_number(item.pages),
        sheets=_number(item.sheets),
        sha256=item.pdf_sha256 or item.manifest_sha256 or "",
        state=item.state,
        reason=item.problem.message if item.problem else "",
    )


def _natural(text: str) -> list[tuple[int, str]]:
    """Return what puts 9А before 10А."""
    return [(int(one), "") if one.isdecimal() else (-1, one) for one in NUMBERS.split(text)]


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


def _file(folder: Path, name: str) -> Response:
    return send_from_directory(folder, name, max_age=KEPT)


def _absent() -> Response:
    return Response(status=HTTPStatus.NOT_FOUND)
