"""What the pages for people share: their addresses, what is typed into them, who is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import request

from service.bootstrap.serving import Service
from service.ledger.people import accounts
from service.ledger.people.accounts import Account
from service.web.http import bodies
from service.web.http.access import Caller
from service.web.http.html import OFFICE
from service.web.openapi.lexicon import lexicon
from service.workflow.people.log_in import Way

LOGIN, LOGOUT, PASSWORD = "/login", "/logout", "/password"
FORM = "application/x-www-form-urlencoded"
FIELDS = 10
WITHIN = re.compile(r"/(?:[A-Za-z0-9._~-]+(?:/|$))*")  # of this origin: no //host, no query


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a form says went wrong."""

    title: str
    told: str


def typed_in() -> dict[str, str]:
    """Return the fields of a form, or raise what `bodies.pieces` raises."""
    body = b"".join(bodies.pieces(request, bodies.SMALL, FORM))
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        raise bodies.Invalid("Форма заполнена не на этой странице: откройте её заново.") from None
    return {name: value.replace(bodies.NUL, "") for name, value in fields}


def within(given: Mapping[str, str]) -> str:
    """Return where somebody wanted to go; elsewhere than on this service nobody is sent."""
    wanted = given.get("next", "")
    return wanted if WITHIN.fullmatch(wanted) else OFFICE


def account_of(service: Service, caller: Caller) -> Account | None:
    """Return the account of whoever asks; a token or a certificate of the settings has none."""
    if caller.way is Way.TOKEN:
        return None
    with service.database.reading() as connection:
        return accounts.find(connection, caller.id)


def duties_of(caller: Caller) -> str:
    """Return what somebody is, in Russian."""
    known = lexicon().values["Duty"]
    return ", ".join(known[one].partition(":")[0] for one in sorted(caller.duties))
