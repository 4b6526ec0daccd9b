"""What all that goes over the wire has in common: requests strict, answers plain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

Base64 = Annotated[str, Field(min_length=4, max_length=262_144, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("по UTC это время вне 0001–9999 годов") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time with its offset from UTC; one that UTC has no year for is refused."""

Next = Annotated[
    str | None, Field(description="cursor следующей страницы; null, если эта последняя")
]


class Asked(BaseModel):
    """A request: no unknown keys, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Told(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class FaultShown(Told):
    """One thing wrong: where (RFC 6901), a stable code, what to do."""

    pointer: str
    code: str
    message: str


class Problem(Told):
    """RFC 9457 with a stable `code`; at most 100 `errors` of `errors_total`."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[FaultShown] | None = None
    errors_total: int | None = None


class Health(Told):
    """Whether the service is there, and ready."""

    status: Literal["ok"]
