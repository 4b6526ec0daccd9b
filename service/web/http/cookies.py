"""The cookie of whoever is logged in, and that a page of another site cannot use it."""

from __future__ import annotations

from flask import Request, Response

from service.web.http.problems import Forbidden
from service.workflow.people.log_in import Opened

PLAIN = "vedomost"
SECURE = "__Host-vedomost"  # over https: no other host or path can have set it
SITE = "Sec-Fetch-Site"  # Fetch Metadata, 2.2: set by browsers, by no script
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSite(Forbidden):
    """A request that changes something, and not certainly from a page of this service."""

    code = "cross-site"
    title = "Запрос пришёл не со страницы службы"


def sent(request: Request) -> str | None:
    """Return the secret a browser has sent, or None."""
    return request.cookies.get(_name(request))


def give(request: Request, response: Response, opened: Opened) -> None:
    """Have a browser remember a login until it ends."""
    left = opened.login.ends_at - opened.login.began_at
    response.set_cookie(
        _name(request),
        opened.secret,
        max_age=int(left.total_seconds()),
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def take(request: Request, response: Response) -> None:
    """Have a browser forget it."""
    response.delete_cookie(
        _name(request), path="/", secure=request.is_secure, httponly=True, samesite="Lax"
    )


def require_same_origin(request: Request, origin: str | None) -> None:
    """Pass if a request changes nothing, or its browser says it is of this very origin.

    Cookies and certificates are sent by browsers unasked, so whoever uses them says where from:
    Sec-Fetch-Site, or Origin of browsers older than that.
    """
    if request.method in SAFE:
        return
    site = request.headers.get(SITE)
    own = origin or request.host_url.rstrip("/")
    if site != "same-origin" and (site is not None or request.headers.get("Origin") != own):
        raise CrossSite(
            "С cookie и с сертификатом изменять можно только со страниц службы: нужен заголовок "
            f"{SITE}: same-origin или Origin: {own}. Программам нужен токен."
        )


def name(*, secure: bool) -> str:
    """Return the name of the cookie, over https or not."""
    return SECURE if secure else PLAIN


def _name(request: Request) -> str:
    return name(secure=request.is_secure)
