"""Whether those who were let in may stay: asked about all of them at once, while they watch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Request
from sqlalchemy import Connection

from service.ledger.people import accounts, logins, tokens
from service.web.http import cookies
from service.web.http.access import Caller
from service.workflow.people.log_in import Way, cookie_hash

LOGGED_IN = frozenset({Way.PASSWORD, Way.OIDC})


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whoever was let in, and the hash of the cookie it was by."""

    caller: Caller
    cookie: str = ""


def admitted(request: Request, caller: Caller) -> Admitted:
    """Return by what the caller of a request was let in."""
    secret = cookies.sent(request) if caller.way in LOGGED_IN else None
    return Admitted(caller, cookie_hash(secret) if secret else "")


def staying(
    connection: Connection, known: Collection[Admitted], given: Collection[str], at: datetime
) -> frozenset[Admitted]:
    """Return those whose token, login or account still opens the door, exactly as far as it did.

    Callers `given` by the settings file stay as long as the process does.
    """
    asked = [one for one in known if one.caller.id not in given]
    if not asked:
        return frozenset(known)
    holders = {one.caller.id for one in asked if one.caller.way is Way.TOKEN}
    people = {one.caller.id for one in asked} - holders
    sent = {one.cookie for one in asked} - {""}
    reach = {one.id: one.reach for one in tokens.by_ids(connection, holders) if one.lives(at)}
    if people:
        reach |= {one.id: one.reach for one in accounts.open_by_ids(connection, people)}
    held = {one.sha256 for one in logins.of_cookies(connection, sent) if one.ends_at > at}
    return frozenset(
        one
        for one in known
        if one.caller.id in given
        or (reach.get(one.caller.id) == one.caller.reach and (one.cookie in held or not one.cookie))
    )
