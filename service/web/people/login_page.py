"""The page where people come in, and the way out: it works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, request
from pydantic import ValidationError

from service.bootstrap.serving import Service
from service.domain.errors import ServiceError
from service.web.http import cookies
from service.web.http.access import Caller
from service.web.http.gate import Gate, how
from service.web.http.html import OFFICE, Pages, answered, sent_to, told_to_wait
from service.web.http.limits import Limits
from service.web.http.problems import status_of
from service.web.people.models import LoginAsked
from service.web.people.visits import (
    LOGIN,
    LOGOUT,
    PASSWORD,
    Wrong,
    account_of,
    duties_of,
    typed_in,
    within,
)
from service.workflow.people import passwords
from service.workflow.people.log_in import Ended, LoginRefused, Opened, Way

SCHOOL = "vedomost-school"  # a cookie: which school the browser's person is of
YEAR = 365 * 24 * 3600
KEPT = "Войдите снова: всё подписанное сохранено."


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody has typed, or what is known without typing; no password."""

    school: str
    login: str = ""
    next: str = OFFICE


class LoginPage:
    """The views."""

    def __init__(self, service: Service, limits: Limits, gate: Gate) -> None:
        self.service = service
        self.limits = limits
        self.gate = gate
        self.pages = Pages("people.css", form_action="'self'")

    def serve(self, app: Flask) -> None:
        """Add the pages."""
        for path, method, view in (
            (LOGIN, "GET", self.shown),
            (LOGIN, "POST", self.enter),
            (LOGOUT, "POST", self.leave),
        ):
            app.add_url_rule(path, f"{method} {path}", answered(self.pages, view), methods=[method])

    def shown(self) -> Response:
        """Show the form, and why it is shown; who is in already goes where he wanted."""
        caller = self.gate.visitor(request)
        filled = self.filled(request.args.to_dict())
        if caller is not None and caller.way in {Way.PASSWORD, Way.OIDC}:
            return sent_to(filled.next)
        cookie = cookies.sent(request)
        notice = ""
        if cookie is not None:
            notice = self._why(self.service.log_in.ended(cookie, self.service.clock()))
        elif "out" in request.args:
            notice = self._gone()
        elif caller is None and "Client-Cert" in request.headers:
            notice = how(request)
        response = self.form(filled, notice=notice, caller=caller)
        if cookie is not None:
            cookies.take(request, response)
        return response

    def form(
        self,
        filled: Filled,
        *,
        wrong: ServiceError | None = None,
        notice: str = "",
        caller: Caller | None = None,
    ) -> Response:
        """Return the page with the form."""
        access = self.service.settings.access
        response = self.pages.written(
            "login.html",
            HTTPStatus.OK if wrong is None else status_of(wrong),
            wrong=None if wrong is None else Wrong(wrong.title, str(wrong)),
            notice=notice,
            person=None if caller is None else self._named(caller),
            provider=self._provider(filled),
            passwords=access.local is not None,
            school=filled.school,
            school_fixed=self._only_school() is not None,
            login=filled.login,
            next=filled.next,
        )
        return response if wrong is None else told_to_wait(response, wrong)

    def enter(self) -> Response:
        """Let somebody in who knows a password."""
        typed: dict[str, str] = {}
        try:
            typed = typed_in()
            self.limits.login(request.remote_addr or "")
            cookies.require_same_origin(request, self.gate.origin)
            opened = self._opened(typed)
        except ServiceError as error:
            return self.form(self.filled(typed), wrong=error)
        filled = self.filled(typed)
        response = sent_to(filled.next)
        if opened.account.signs.password_until is not None:
            response = sent_to(f"{PASSWORD}?{urlencode({'next': filled.next})}")
        cookies.give(request, response, opened)
        response.set_cookie(
            SCHOOL,
            opened.account.reach.school,
            max_age=YEAR,
            path=LOGIN,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    def leave(self) -> Response:
        """Let somebody out, and only from a page of ours: the answer takes the cookie away."""
        cookies.require_same_origin(request, self.gate.origin)
        caller, secret = self.gate.visitor(request), cookies.sent(request)
        if caller is not None and secret is not None:
            self.service.log_in.out(secret, caller.id, caller.school, self.service.clock())
        response = sent_to(f"{LOGIN}?out")
        cookies.take(request, response)
        return response

    def _opened(self, typed: dict[str, str]) -> Opened:
        """Let somebody in; that there is no such school or name takes as long to find out."""
        password = typed.get("password", "")
        try:
            asked = LoginAsked(
                school=typed.get("school", "").strip(),
                login=typed.get("login", "").strip().lower(),
                password=password,
            )
            allowed = self.service.settings.access.passwords_at(asked.school)
        except ValidationError:
            allowed = False
        if not allowed:
            passwords.matches(password, None)
            raise LoginRefused.unrecognised()
        return self.service.log_in.by_password(
            asked.school,
            asked.login,
            asked.password,
            request.remote_addr or "",
            self.service.clock(),
            cookies.sent(request),
        )

    def filled(self, given: Mapping[str, str]) -> Filled:
        """Return what the form is to show of what was typed or asked for."""
        chosen = given.get("school", "") or request.cookies.get(SCHOOL, "")
        return Filled(
            school=self._only_school() or chosen,
            login=given.get("login", ""),
            next=within(given),
        )

    def _only_school(self) -> str | None:
        """Return the school whose people have passwords, if the settings name a single one."""
        local = self.service.settings.access.local
        return local.schools[0] if local is not None and len(local.schools) == 1 else None

    def _provider(self, filled: Filled) -> dict[str, str] | None:
        settings = self.service.settings.access.oidc
        if settings is None:
            return None
        name = settings.name or urlsplit(settings.issuer).hostname or settings.issuer
        asked = {"next": filled.next}
        return {"name": name, "href": f"/v1/login/oidc?{urlencode(asked)}"}

    def _named(self, caller: Caller) -> str:
        account = account_of(self.service, caller)
        duties = duties_of(caller)
        return duties if account is None else f"{account.name} ({duties})"

    def _why(self, ended: Ended) -> str:
        lasts = self.service.settings.access.session
        return {
            Ended.IDLE: f"Вход окончен: {lasts.idle_minutes} мин без действий. {KEPT}",
            Ended.LONGEST: f"Вход окончен: он длится не дольше {lasts.hours} ч. {KEPT}",
            Ended.ELSEWHERE: "Вход окончен: вы вышли или вошли заново в другом окне, сменился "
            f"пароль или учётная запись. {KEPT}",
        }[ended]

    def _gone(self) -> str:
        settings = self.service.settings.access.oidc
        if settings is None:
            return "Вы вышли."
        return "Вы вышли из этой службы. У поставщика удостоверений вход мог остаться открытым."
