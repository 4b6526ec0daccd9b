"""A timestamp over the root of a tree, with everything needed to check it enclosed at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from asn1crypto import cms

from signing.errors import (
    RevocationUnknown,
    SigningError,
    SigningUnavailable,
    TimestampUnavailable,
)
from signing.evidence.witness import Witness, enclosing
from signing.suitability import Purpose
from signing.trust import Trust

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
    """A token (DER of a ContentInfo) with its validation data; `until` its certificates' end.

    `doubts` are what was told of the owners of older tokens that is not good.
    """

    token: bytes
    time: datetime
    until: datetime
    doubts: tuple[SigningError, ...] = ()


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
    `earlier` tokens it takes over, where anybody still gives any: that one of them was revoked
    is enclosed as well. Raises TimestampUnavailable, ClockDiffers, and as `Trust.check` does if
    the authority is not one we believe.
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
    doubts = []
    for one in earlier:
        chain = (*one.token.chain, *one.enclosed.certificates)
        asked = trust.ask(one.token.certificate, chain, at, Purpose.TIMESTAMPING)
        evidence = evidence.joined(asked.evidence)
        if asked.refusal is not None and not isinstance(asked.refusal, RevocationUnknown):
            doubts.append(asked.refusal)
    whole = enclosing(pristine, evidence)
    until = Witness.read(whole, algorithm, digest).until
    return Stamped(whole, token.time, until, tuple(doubts))
