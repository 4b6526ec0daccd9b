"""How an operation takes its leave: announced in headers long before it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from flask import Response, after_this_request

NOTICE = timedelta(days=365)  # a school year: integrations are changed in summer


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when an operation is deprecated, the day it may go, and what replaces it."""

    since: date
    sunset: date
    successor: str = ""

    def __post_init__(self) -> None:
        """Refuse to give clients less than a school year."""
        if self.sunset - self.since < NOTICE:
            raise ValueError(f"между объявлением и уходом операции нужно {NOTICE.days} дней")

    @property
    def headers(self) -> Mapping[str, str]:
        """Deprecation (RFC 9745), Sunset (RFC 8594) and the successor's Link (RFC 5829)."""
        told = {
            "Deprecation": f"@{_midnight(self.since).timestamp():.0f}",
            "Sunset": format_datetime(_midnight(self.sunset), usegmt=True),
        }
        if self.successor:
            told["Link"] = f'<{self.successor}>; rel="successor-version"'
        return told


def announced(
    view: Callable[..., Response], deprecation: Deprecation | None
) -> Callable[..., Response]:
    """Return a view whose every answer, a problem too, says that it is deprecated, if it is."""
    if deprecation is None:
        return view

    def tell(response: Response) -> Response:
        for name, value in deprecation.headers.items():
            response.headers.add(name, value)
        return response

    def answer(**given: Any) -> Response:
        after_this_request(tell)
        return view(**given)

    return answer


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
