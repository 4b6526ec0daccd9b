"""A timestamp over the root of a tree, with everything needed to check it enclosed at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from asn1crypto import cms

from signing.errors import RevocationUnknown, SigningUnavailable, TimestampUnavailable
from signing.evidence.witness import Witness, enclosing
from signing.suitability import Purpose
from signing.trust import Trust
from signing.validation_data import Evidence

APART = timedelta(hours=1)  # an authority's clock and ours, at most


class ClockDiffers(SigningUnavailable):
    """The authority's clock and ours show different times: one of them is wrong."""

    code = "timestamp-clock-differs"
    title = "Часы службы меток времени и часы этого компьютера расходятся"


class Imprinter(Protocol):
    """Whoever puts a time on a digest (RFC 3161, 2.4)."""

    def token_over(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """Return a token over `digest`, or raise TimestampUnavailable."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A token (DER of a ContentInfo) with its validation data; `until` its certificates' end."""

    token: bytes
    time: datetime
    until: datetime


def stamped(
    digest: bytes,
    algorithm: str,
    imprinter: Imprinter,
    trust: Trust,
    at: datetime,
    earlier: Iterable[Witness] = (),
) -> Stamped:
    """Return a timestamp over `digest` that can be checked when its authority is gone.

    Enclosed are its certificates and fresh revocation data, and fresh revocation data of the
    `earlier` tokens it takes over, where anybody still gives any. Raises TimestampUnavailable,
    ClockDiffers, and as `Trust.check` does if the authority is not one we believe.
    """
    pristine = imprinter.token_over(digest, algorithm).dump()
    witness = Witness.read(pristine, algorithm, digest)
    token = witness.token
    if not token.intact:
        raise TimestampUnavailable("Служба меток времени дала метку, подпись которой не сходится.")
    if abs(token.time - at) > APART:
        raise ClockDiffers(
            f"Метка поставлена на {token.time:%d.%m.%Y %H:%M %Z}, а здесь {at:%d.%m.%Y %H:%M %Z}. "
            "Проверьте часы; для пробы на другую дату нужна служба меток с теми же часами."
        )
    evidence = trust.check(token.certificate, token.chain, at, Purpose.TIMESTAMPING)
    for one in earlier:
        evidence = evidence.joined(_latest(one, trust, at))
    whole = enclosing(pristine, evidence)
    return Stamped(whole, token.time, Witness.read(whole, algorithm, digest).until)


def _latest(earlier: Witness, trust: Trust, at: datetime) -> Evidence:
    """Return what is told today about the owner of an older token; nothing if nobody tells."""
    chain = (*earlier.token.chain, *earlier.enclosed.certificates)
    try:
        return trust.check(earlier.token.certificate, chain, at, Purpose.TIMESTAMPING)
    except RevocationUnknown:
        return Evidence()
