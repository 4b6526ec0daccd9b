"""Asking timestamp authorities (RFC 3161) when a digest was seen; the first usable answer wins."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from asyncio import to_thread
from collections.abc import Sequence
from http import HTTPStatus
from time import monotonic
from typing import ClassVar
from urllib.parse import urlsplit

import requests
from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps.api import TimeStamper
from urllib3.exceptions import HTTPError, ReadTimeoutError

from signing.cms import certificates_in, timestamp_info
from signing.document import UNREADABLE
from signing.errors import SigningError, TimestampUnavailable
from signing.tokens import Token

LOG = logging.getLogger(__name__)

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"
LARGEST_REPLY = 1 << 20
PIECE = 1 << 16
REST = 60.0  # seconds an authority that failed is asked last


FAILURES = (requests.RequestException, HTTPError, OSError, SigningError, *UNREADABLE)


class Timestamper(TimeStamper):
    """A list of authorities as one. Share the instance: it keeps connections and is thread-safe.

    Authorities are asked in their order until one gives a usable token; each failure is logged. One
    that failed is asked last for a minute, so that a batch does not wait for it every time.
    It is a pyHanko TimeStamper too, so whatever of pyHanko wants one can be given this.
    """

    def __init__(self, urls: Sequence[str], timeout: float = 10.0):
        """Ask `urls`; `timeout` is seconds to connect, and seconds for a whole answer."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.urls = tuple(urls)
        self.timeout = timeout
        self._own = threading.local()  # sessions of requests are not for several threads
        self._failed: dict[str, float] = {}

    def token(self, value: bytes) -> cms.ContentInfo:
        """Return a token (RFC 3161) over SHA-256 of `value`, or raise TimestampUnavailable.

        Nonce, imprint and seal of the reply are checked; whether its owner is believed is not: see
        `signing.timing`.
        """
        return self._ask_all(hashlib.sha256(value).digest(), "sha256")

    def token_over(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """Return a token over a digest made by `algorithm`; otherwise like `token`."""
        return self._ask_all(digest, algorithm)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token over a digest (pyHanko's way to ask)."""
        return await to_thread(self._ask_all, message_digest, md_algorithm)

    def _ask_all(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        failures = []
        for url in self._by_hope():
            try:
                token = self._ask(url, digest, algorithm)
            except FAILURES as error:
                self._failed[url] = monotonic()
                failures.append(f"{_shown(url)}: {_reason(error)}")
                LOG.warning("timestamp authority failed: %s", failures[-1])
            else:
                self._failed.pop(url, None)
                return token
        asked = "; ".join(failures) or "в настройках не указано ни одной службы"
        raise TimestampUnavailable(
            f"Метку времени получить не удалось ({asked}). "
            "Повторите позже или проверьте адреса служб."
        )

    def _by_hope(self) -> list[str]:
        """Return the addresses in their order, those that failed a moment ago last."""
        since = monotonic() - REST
        return sorted(self.urls, key=lambda url: self._failed.get(url, since) > since)

    def _ask(self, url: str, digest: bytes, algorithm: str) -> cms.ContentInfo:
        nonce = secrets.randbits(63) | 1 << 62
        query = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": algorithm},
                    "hashed_message": digest,
                },
                "nonce": core.Integer(nonce),
                "cert_req": True,
            }
        )
        try:
            reply = self._answer(url, query.dump())
        except requests.ConnectionError as error:
            if isinstance(error, requests.Timeout):
                raise
            reply = self._answer(url, query.dump())  # a kept connection may have been closed
        return _usable_token(reply, digest, algorithm, nonce)

    def _answer(self, url: str, query: bytes) -> bytes:
        until = monotonic() + self.timeout
        with self._session().post(
            url,
            data=query,
            headers={"Content-Type": QUERY, "Accept": REPLY},
            timeout=self.timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != HTTPStatus.OK:
                raise _Unusable(f"ответила {response.status_code}")
            reply = b""
            while piece := response.raw.read1(PIECE, decode_content=True):
                reply += piece
                if len(reply) > LARGEST_REPLY:
                    raise _Unusable("ответ слишком велик")
                if monotonic() > until:
                    raise requests.Timeout
            return reply

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        session: requests.Session = self._own.session
        return session


class _Unusable(ValueError):
    """An answer that is no usable token; says in Russian why."""


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp; a refusal carries no token (RFC 3161, 2.4.2), which asn1crypto forgets."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _usable_token(reply: bytes, digest: bytes, algorithm: str, nonce: int) -> cms.ContentInfo:
    response = _Response.load(reply, strict=True)
    status = response["status"]["status"].native
    if status not in ("granted", "granted_with_mods"):
        raise _Unusable(f"служба отказала ({status})")
    pristine: bytes = response["time_stamp_token"].dump()
    token = cms.ContentInfo.load(pristine)
    info = timestamp_info(token["content"])
    if info["nonce"].native != nonce:
        raise _Unusable("ответ на чужой запрос")
    if info["message_imprint"]["hashed_message"].native != digest:
        raise _Unusable("метка поставлена на другие данные")
    if not certificates_in(token["content"]):
        raise _Unusable("в ответе нет сертификата службы")
    if not Token.over(token["content"], algorithm, digest).intact:
        raise _Unusable("печать службы на метке не сходится")
    return cms.ContentInfo.load(pristine)


def _reason(error: Exception) -> str:
    if isinstance(error, (requests.Timeout, ReadTimeoutError, TimeoutError)):
        return "не ответила вовремя"
    if isinstance(error, (requests.RequestException, HTTPError, OSError)):
        return "нет связи"
    if isinstance(error, SigningError):
        return error.title.lower()
    return str(error) if isinstance(error, _Unusable) else "ответ не разобран"


def _shown(url: str) -> str:
    """Return an address without a password that may stand in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
