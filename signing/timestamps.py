"""Asking timestamp authorities (RFC 3161) when a digest was seen; the first usable answer wins."""

from __future__ import annotations

import hashlib
import secrets
from asyncio import to_thread
from collections.abc import Sequence
from typing import ClassVar

import requests
from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps.api import TimeStamper

from signing.cms import certificates_in, timestamp_info
from signing.errors import TimestampUnavailable

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"
LARGEST_REPLY = 1 << 20


class Timestamper(TimeStamper):
    """A list of authorities as one. Share the instance: it keeps connections and is thread-safe.

    It is a pyHanko TimeStamper too, so whatever of pyHanko wants one can be given this.
    """

    def __init__(self, urls: Sequence[str], timeout: float = 10.0):
        super().__init__()  # type: ignore[no-untyped-call]
        self.urls = tuple(urls)
        self.timeout = timeout

    def token(self, value: bytes) -> cms.ContentInfo:
        """Return a token over SHA-256 of `value`, or raise TimestampUnavailable.

        The reply's nonce and imprint are checked, its signature is not: see `signing.trust`.
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
        for url in self.urls:
            try:
                return self._ask(url, digest, algorithm)
            except (requests.RequestException, ValueError, TypeError, LookupError) as error:
                failures.append(f"{url}: {_reason(error)}")
        asked = "; ".join(failures) or "в настройках не указано ни одной службы"
        raise TimestampUnavailable(
            f"Метку времени получить не удалось ({asked}). "
            "Подпись не поставлена; повторите позже или проверьте адреса служб."
        )

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
        reply = requests.post(
            url,
            data=query.dump(),
            headers={"Content-Type": QUERY, "Accept": REPLY},
            timeout=self.timeout,
        )
        reply.raise_for_status()
        if len(reply.content) > LARGEST_REPLY:
            raise _Unusable("ответ слишком велик")
        return _usable_token(reply.content, digest, nonce)


class _Unusable(ValueError):
    """An answer that is no usable token; says in Russian why."""


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp; a refusal carries no token (RFC 3161, 2.4.2), which asn1crypto forgets."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _usable_token(reply: bytes, digest: bytes, nonce: int) -> cms.ContentInfo:
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
    return cms.ContentInfo.load(pristine)


def _reason(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "не ответила вовремя"
    if isinstance(error, requests.HTTPError):
        return f"ответила {error.response.status_code}"
    if isinstance(error, requests.RequestException):
        return "нет связи"
    return str(error) if isinstance(error, _Unusable) else "ответ не разобран"
