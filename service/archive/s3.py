"""The way to an S3 server: bounded time, a PUT that never replaces, and its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from minio import Minio
from minio.datatypes import Object
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from service.archive.store import (
    ClockSkewed,
    Copy,
    ObjectMissing,
    StoreLies,
    StoreRefused,
    StoreUnavailable,
)

_CONNECT_SECONDS = 3.0
_CONNECTIONS = 8
_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion"})
_BUSY = frozenset({"SlowDown", "SlowDownWrite", "SlowDownRead", "RequestTimeout"})
_SKEWED = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
_SERVER_FAILED = 500


class OnceOnly(PoolManager):
    """Sends «If-None-Match: *» with every PUT of an object: of two at once the server takes one."""

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, redirect: bool = True, **settings: Any
    ) -> BaseHTTPResponse:
        """Send a request; see `PoolManager.urlopen`."""
        if method == "PUT" and "?" not in url:
            headers = HTTPHeaderDict(settings.pop("headers", None) or {})
            headers["If-None-Match"] = "*"
            settings["headers"] = headers
        return super().urlopen(method, url, redirect, **settings)


def connect(
    endpoint: str,
    access_key: str,
    secret_key: str,
    *,
    secure: bool,
    region: str,
    timeout: float,
) -> Minio:
    """Return a client that tries once and waits `timeout` seconds for an answer at most."""
    return Minio(
        endpoint,
        access_key,
        secret_key,
        secure=secure,
        region=region,
        http_client=OnceOnly(
            timeout=Timeout(connect=_CONNECT_SECONDS, read=timeout),
            retries=False,
            maxsize=_CONNECTIONS,
        ),
    )


@contextmanager
def speaking_for(store: str) -> Iterator[None]:
    """Turn what the client and the network raise into the errors of a store named `store`."""
    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise ObjectMissing(f"В хранилище «{store}» нет такого файла или версии.") from None
        if error.code in _SKEWED:
            headers = error.response.headers
            there = headers.get("Date") if headers else None
            raise ClockSkewed(
                f"Часы этой машины и хранилища «{store}» расходятся больше, чем оно терпит"
                f"{f': у него сейчас {there}' if there else ''}. Сверьте обе машины по службе "
                "точного времени (NTP); отложенное продолжится само."
            ) from error
        if is_passing(error):
            raise StoreUnavailable(
                f"Хранилище «{store}» перегружено или неисправно ({error.code}). Повторите позже."
            ) from error
        raise StoreRefused(
            f"Хранилище «{store}» отказало ({error.code}). Проверьте в настройках бакет, ключи "
            "доступа и блокировку объектов."
        ) from error
    except (ValueError, ParseError) as error:  # what the client meets in an answer that is not S3's
        raise StoreUnavailable(
            f"Хранилище «{store}» отвечает не так, как S3. Проверьте адрес в настройках и то, что "
            "стоит между ним и службой."
        ) from error
    except (MinioException, HTTPError, OSError) as error:
        raise StoreUnavailable(
            f"Хранилище «{store}» не отвечает. Проверьте, что сервер включён и виден по сети."
        ) from error


def is_passing(error: S3Error) -> bool:
    """Tell whether the server failed rather than refused: the same request may pass later."""
    return error.code in _BUSY or error.response.status >= _SERVER_FAILED


def described(store: str, found: Object) -> Copy:
    """Return the answer to a HEAD as a Copy; no lock is mode "" until the beginning of time.

    The date is read from the header: some servers send nine digits of a second.
    """
    headers = {name.lower(): value for name, value in (found.metadata or {}).items()}
    date = headers.get("x-amz-object-lock-retain-until-date", "0001-01-01T00:00:00Z")
    try:
        locked_until = datetime.fromisoformat(date)
    except ValueError:
        raise StoreLies(f"Хранилище «{store}» назвало срок блокировки «{date}».") from None
    return Copy(
        store=store,
        key=found.object_name or "",
        version_id=found.version_id or "",
        mode=headers.get("x-amz-object-lock-mode", ""),
        locked_until=locked_until,
        sha256=headers.get("x-amz-meta-sha256", ""),
        size=found.size or 0,
    )
