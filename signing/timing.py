"""When a signature was made: by the client's own token if it is good, or by one asked for here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from asn1crypto import cms

from signing import document
from signing.answers import Accepted
from signing.errors import SigningError, SigningRefused, TimestampUnavailable
from signing.suitability import Purpose, require_current
from signing.tokens import Token
from signing.trust import Trust
from signing.validation_data import Evidence

SKEW = timedelta(minutes=5)  # how far an authority's clock may be ahead of ours


class TimestampSource(Protocol):
    """Whoever gives a timestamp token over bytes."""

    def token(self, value: bytes) -> cms.ContentInfo:
        """Return a token (RFC 3161) over `value`, or raise TimestampUnavailable."""


def stamped(
    taken: Accepted, timestamper: TimestampSource | None, trust: Trust, at: datetime
) -> tuple[tuple[bytes, ...], Evidence]:
    """Return the tokens (DER) to go with a signature, and the evidence that they are good.

    A good token the client brought is kept, and nobody else is asked; bad ones are left out.
    Otherwise `timestamper` is asked; None gives no token. `at` is now.

    Raises TimestampUnavailable, RevocationUnknown; CertificateExpired or CertificateNotYetValid
    when the signer's certificate was not valid at the time the authority tells.
    """
    for brought in taken.timestamps:
        try:
            return (brought,), _of_signature(brought, taken, trust, at)
        except SigningError:
            continue
    if timestamper is None:
        return (), Evidence()
    token = timestamper.token(taken.value).dump()
    return (token,), _of_signature(token, taken, trust, at)


def believed(der: bytes, value: bytes, trust: Trust, at: datetime) -> tuple[Token, Evidence]:
    """Return a token (DER) over `value` taken apart, and the evidence that it is good at `at`.

    Raises TimestampUnavailable for a token nobody should believe, RevocationUnknown.
    """
    doubtful = TimestampUnavailable(
        "Служба меток времени прислала метку, которой нельзя верить. Подпись не поставлена; "
        "проверьте адрес службы и её корневой сертификат в настройках."
    )
    with document.reading(doubtful):
        read = Token.read(cms.ContentInfo.load(der, strict=True)["content"], value)
    if not read.intact or read.time > at + SKEW:
        raise doubtful
    try:
        return read, trust.check(read.certificate, read.chain, at, Purpose.TIMESTAMPING)
    except SigningRefused as error:
        raise doubtful from error


def _of_signature(der: bytes, taken: Accepted, trust: Trust, at: datetime) -> Evidence:
    read, evidence = believed(der, taken.value, trust, at)
    require_current(taken.certificate, read.time)
    return evidence
