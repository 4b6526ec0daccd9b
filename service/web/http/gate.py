"""The gate every request passes: who asks is found out here and nowhere else."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography import x509
from flask import Request

from service.domain.access.rights import REGION, Duty, Reach, Right
from service.jobs.advance import Clock
from service.ledger import schools
from service.ledger.database import Database, DatabaseUnavailable
from service.ledger.people import accounts, tokens
from service.settings import Settings, Token
from service.web.http import cookies
from service.web.http.access import Caller, by_login
from service.web.http.limits import Limits
from service.web.http.problems import Unknown
from service.web.http.proxied import IGNORED
from service.workflow.people.log_in import LogIn, Way
from service.workflow.schools import SchoolMissing

SHAPE = re.compile(r"(?i:Bearer) (vd_([a-z0-9-]{1,32})_[A-Za-z0-9_-]{16,128})")
DER = re.compile(r":([A-Za-z0-9+/]+={0,2}):")  # an sf-binary, RFC 9440, 2.2
SCHOOL = "Vedomost-School"
BEARER = re.compile("(?i:Bearer) ")
INVALID = "invalid_token"  # RFC 6750, 3.1; who sends no token is told nothing of it
NOBODY = "0" * 64
UNCOUNTED = frozenset({"/livez", "/readyz"})


@dataclass(frozen=True, slots=True)
class Gate:
    """Knows tokens of the settings and of the ledger, cookies, and pinned certificates.

    `pinned` are the certificates of signatories that the settings file names, by SHA-256.
    """

    given: Mapping[str, Token]
    pinned: Mapping[str, tuple[Caller, ...]]
    database: Database
    clock: Clock
    log_in: LogIn
    limits: Limits
    origin: str | None

    def admit(self, request: Request, right: Right) -> Caller | None:
        """Return who asks for something that needs a right; None: anybody may.

        Raises Unknown, Forbidden, TooMany, CrossSite.
        """
        if right is Right.PUBLIC:
            if request.path not in UNCOUNTED:
                self.limits.stranger(request.remote_addr or "")
            return None
        found = self.visitor(request)
        if found is None:
            authorization = request.headers.get("Authorization", "")
            raise Unknown(how(request), INVALID if BEARER.match(authorization) else "")
        found.may(right)
        return found

    def visitor(self, request: Request) -> Caller | None:
        """Return who asks, or None if that is nobody known; raises TooMany, CrossSite."""
        found = self._caller(request)
        if found is None:
            self.limits.stranger(request.remote_addr or "")
            return None
        self.limits.caller(found.school, found.id)
        if found.way is not Way.TOKEN:
            cookies.require_same_origin(request, self.origin)
        return found

    def require_school(self, caller: Caller, school: str | None) -> None:
        """Pass if there is such a school, or none is named: to a region's callers all seem theirs.

        One that is served no more counts: its documents stay.
        """
        if caller.school != REGION or school in {None, "", REGION}:
            return
        with self.database.reading() as connection:
            if schools.find(connection, str(school)) is None:
                raise SchoolMissing(f"Школы {school} нет: проверьте адрес.")

    def _caller(self, request: Request) -> Caller | None:
        """Whoever sends a token is known by it alone; else a cookie, else a certificate counts."""
        authorization = request.headers.get("Authorization")
        if authorization is not None:
            sent = SHAPE.fullmatch(authorization)
            return self._holder(sent[1], sent[2]) if sent else None
        cookie = cookies.sent(request)
        if cookie is not None and (person := self._logged_in(cookie)) is not None:
            return person
        return self._certified(request)

    def _holder(self, secret: str, name: str) -> Caller | None:
        hashed = sha256(secret.encode()).hexdigest()
        if (given := self.given.get(name)) is not None:
            return Caller(name, given.reach) if _matches(hashed, [given.sha256]) else None
        at = self.clock()
        with self.database.reading() as connection:
            token = tokens.find(connection, name)
        good = _matches(hashed, token.hashes(at) if token else [NOBODY])
        if token is None or not good or not token.lives(at):
            return None
        if token.used_at is None or token.used_at <= at - tokens.MINUTE:
            self._note(name, at)
        return Caller(name, token.reach)

    def _note(self, name: str, at: datetime) -> None:
        with suppress(DatabaseUnavailable), self.database.writing(forgettable=True) as connection:
            tokens.used(connection, name, at)  # not worth failing the request for

    def _logged_in(self, cookie: str) -> Caller | None:
        at = self.clock()
        found = self.log_in.find(cookie, at)
        if found is None:
            return None
        account, login = found
        if login.seen_at <= at - tokens.MINUTE:
            with suppress(DatabaseUnavailable):
                self.log_in.seen(login, at)
        return by_login(account, login)

    def _certified(self, request: Request) -> Caller | None:
        sent = DER.fullmatch(request.headers.get("Client-Cert", ""))
        der = _decoded(sent[1]) if sent else None
        if der is None or not _in_time(der, self.clock()):
            return None
        pin = sha256(der).hexdigest()
        with self.database.reading() as connection:
            people = accounts.by_certificate(connection, pin)
        known = [Caller(one.id, one.reach, Way.CERTIFICATE) for one in people]
        known += [one for one in self.pinned.get(pin, ()) if one.school not in _schools(known)]
        wanted = request.headers.get(SCHOOL)
        fitting = [one for one in known if wanted in {None, one.school}]
        return fitting[0] if len(fitting) == 1 else None


def origin(public_url: str | None) -> str | None:
    """Return the origin (RFC 6454) of the address people reach the service at, if it is told."""
    if public_url is None:
        return None
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def pinned(settings: Settings) -> dict[str, tuple[Caller, ...]]:
    """Return whom the signatories' certificates of the settings file stand for."""
    found: dict[str, dict[str, set[Duty]]] = {}
    for school, chosen in settings.schools.items():
        for one in chosen.signatories:
            if one.certificate_sha256 is not None:
                at = found.setdefault(one.certificate_sha256, {})
                at.setdefault(school, set()).add(Duty(one.role.value))
    return {
        pin: tuple(
            Caller(f"certificate-{pin[:16]}", Reach(school, frozenset(duties)), Way.CERTIFICATE)
            for school, duties in at.items()
        )
        for pin, at in found.items()
    }


def _schools(callers: Iterable[Caller]) -> set[str]:
    return {one.school for one in callers}


def how(request: Request) -> str:
    """Return how one would be let in."""
    if IGNORED in request.environ:
        return (
            "Заголовок Client-Cert принимается только от прокси из [access.proxy], этот запрос "
            "пришёл с другого адреса."
        )
    if "Client-Cert" in request.headers:
        return (
            "Этот сертификат здесь не закреплён, просрочен или закреплён в нескольких школах: "
            f"назовите школу в заголовке {SCHOOL}."
        )
    return "Нужен заголовок Authorization: Bearer vd_… с действующим токеном, или войдите заново."


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def _in_time(der: bytes, at: datetime) -> bool:
    try:
        certificate = x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion):
        return False
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _matches(hashed: str, kept: Iterable[str]) -> bool:
    """Compare without telling by the time taken how much of a hash was right."""
    return any(hmac.compare_digest(hashed, one) for one in kept)
