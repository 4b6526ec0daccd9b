"""The page where people take another password: their own after a one-time one, or whenever."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, request

from service.bootstrap.serving import Service
from service.domain.errors import ServiceError
from service.ledger.people.accounts import Account
from service.web.http import cookies
from service.web.http.access import Caller
from service.web.http.gate import Gate
from service.web.http.html import OFFICE, Pages, answered, sent_to, told_to_wait
from service.web.http.problems import status_of
from service.web.people.visits import LOGIN, PASSWORD, Wrong, account_of, typed_in, within
from service.workflow.people.log_in import cookie_hash


class PasswordPage:
    """The views."""

    def __init__(self, service: Service, gate: Gate) -> None:
        self.service = service
        self.gate = gate
        self.pages = Pages("people.css", form_action="'self'")

    def serve(self, app: Flask) -> None:
        """Add the page."""
        for method, view in ("GET", self.password), ("POST", self.change):
            answer = answered(self.pages, view)
            app.add_url_rule(PASSWORD, f"{method} {PASSWORD}", answer, methods=[method])

    def password(self) -> Response:
        """Show the form for another password."""
        found = self._with_password()
        return found if isinstance(found, Response) else self._change_form(*found)

    def change(self) -> Response:
        """Give somebody the password he has chosen."""
        found = self._with_password()
        if isinstance(found, Response):
            return found
        caller, account = found
        try:
            typed = typed_in()
            old, new = typed.get("old", ""), typed.get("new", "")
            if new != typed.get("again"):
                told = Wrong("Новые пароли различаются", "Введите новый пароль дважды одинаково.")
                return self._change_form(caller, account, told)
            kept = cookie_hash(cookies.sent(request) or "")
            self.service.own_password(account.id, old, new, kept, self.service.clock())
        except ServiceError as error:
            response = self._change_form(
                caller, account, Wrong(error.title, str(error)), status_of(error)
            )
            return told_to_wait(response, error)
        return self.pages.written(
            "notice.html",
            heading="Пароль изменён",
            told="Остальные ваши входы окончены, этот продолжается.",
            back=within(typed),
            way="К документам",
        )

    def _change_form(
        self,
        caller: Caller,
        account: Account,
        wrong: Wrong | None = None,
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> Response:
        return self.pages.written(
            "password.html",
            HTTPStatus.OK if wrong is None else status,
            wrong=wrong,
            name=account.name,
            login=account.signs.login or "",
            due=caller.must_change_password,
            next=within(request.args),
        )

    def _with_password(self) -> tuple[Caller, Account] | Response:
        caller = self.gate.visitor(request)
        if caller is None:
            return sent_to(f"{LOGIN}?{urlencode({'next': PASSWORD})}")
        account = account_of(self.service, caller)
        if account is None or account.signs.password is None:
            return self.pages.written(
                "notice.html",
                HTTPStatus.CONFLICT,
                heading="Пароля нет",
                told="Вы входите без пароля: менять здесь нечего.",
                back=OFFICE,
                way="К документам",
            )
        return caller, account
