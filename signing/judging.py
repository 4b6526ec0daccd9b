"""Whether a signer may be believed, and since when: trust, time and evidence put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing import cms, document, verdicts
from signing.certificates import Certificate
from signing.errors import DocumentUnreadable, RevocationUnknown, SigningError
from signing.integrity import covers_revision, end_of
from signing.reports import Level, TimeSource
from signing.suitability import Purpose, require_current
from signing.tokens import Token
from signing.trust import Trust
from signing.validation_data import Evidence
from signing.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Stamped:
    """A believed document timestamp: the first `covers` bytes of the file existed by `time`."""

    time: datetime
    covers: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be thought of a signer."""

    verdict: Verdict
    level: Level
    time: datetime | None
    source: TimeSource


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything known about a file: whom to trust, what the file brings along, what time it is."""

    trust: Trust
    evidence: Evidence
    at: datetime

    def document_timestamps(
        self, pdf: bytes, signatures: Iterable[EmbeddedPdfSignature]
    ) -> tuple[Stamped, ...]:
        """Return the timestamps over the document that hold, last first.

        Each is judged as of the next later one, so a chain of them outlives its certificates.
        """
        believed: list[Stamped] = []
        horizon = self.at
        for signature in reversed(tuple(signatures)):
            token = _token(signature.signed_data, _covered(pdf, signature))
            if token is None or not covers_revision(signature):
                continue
            try:
                self._believe_token(token, horizon)
            except SigningError:
                continue
            horizon = token.time
            believed.append(Stamped(token.time, end_of(signature)))
        return tuple(believed)

    def judge(self, signature: EmbeddedPdfSignature, stamps: tuple[Stamped, ...]) -> Judgement:
        """Return what is to be thought of the signer of an unbroken `signature`."""
        later = [stamp for stamp in stamps if stamp.covers > end_of(signature)]
        horizon = min((stamp.time for stamp in later), default=self.at)
        signer, chain = signature.signer_cert, tuple(signature.other_embedded_certs)
        for signed in cms.timestamps(signature.signer_info):
            token = _token(signed, signature.signer_info["signature"].native)
            if token is None:
                continue
            try:
                timed = self._believe_token(token, horizon)
            except SigningError:
                continue
            verdict, proven = self._verdict(signer, chain, token.time, timed=True)
            level = Level.B_LT if proven and timed else Level.B_T
            if level is Level.B_LT and later:
                level = Level.B_LTA
            return Judgement(verdict, level, token.time, TimeSource.TIMESTAMP)
        verdict, _ = self._verdict(signer, chain, horizon, timed=False)
        claimed = claimed_time(signature)
        source = TimeSource.CLAIMED if claimed else TimeSource.UNKNOWN
        return Judgement(verdict, Level.B_B, claimed, source)

    def _believe_token(self, token: Token, horizon: datetime) -> bool:
        """Like `_believe`, for the owner of a token known to have existed by `horizon`.

        The certificate must not have ended by then; a revocation after the token was given leaves
        it good (RFC 3161, 4).
        """
        require_current(token.certificate, horizon)
        return self._believe(token.certificate, token.chain, token.time, Purpose.TIMESTAMPING)

    def _verdict(
        self, signer: Certificate, chain: Iterable[Certificate], moment: datetime, *, timed: bool
    ) -> tuple[Verdict, bool]:
        try:
            return verdicts.GOOD, self._believe(signer, chain, moment, Purpose.SIGNING)
        except SigningError as error:
            return verdicts.on_trust(error, timed=timed), False

    def _believe(
        self,
        certificate: Certificate,
        chain: Iterable[Certificate],
        moment: datetime,
        purpose: Purpose,
    ) -> bool:
        """Return whether the file's own evidence was enough; raise if the owner is not believed."""
        issuers = tuple(chain)
        own = self.evidence.joined(Evidence(certificates=issuers))
        try:
            self.trust.check_past(certificate, moment, own, purpose)
        except RevocationUnknown:
            self.trust.check(certificate, issuers, moment, purpose)
            return False
        return True


def claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """Return the time the signer's own clock showed, if it says one with an offset."""
    try:
        claimed = signature.self_reported_timestamp
    except document.UNREADABLE:
        return None
    return claimed if claimed is not None and claimed.tzinfo is not None else None


def _token(signed: object, stamped: bytes) -> Token | None:
    """Return the token if it can be read and its seal holds."""
    try:
        with document.reading(DocumentUnreadable("")):
            token = Token.read(signed, stamped)
    except DocumentUnreadable:
        return None
    return token if token.intact else None


def _covered(pdf: bytes, signature: EmbeddedPdfSignature) -> bytes:
    start, length, again, rest = (int(part) for part in signature.byte_range)
    return pdf[start : start + length] + pdf[again : again + rest]
