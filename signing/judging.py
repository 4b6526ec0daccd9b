"""Whether a signer may be believed, and since when: trust, time and evidence put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import cms as asn1_cms

from signing import certificates, document, verdicts
from signing.certificates import Certificate
from signing.claims import Claim
from signing.errors import (
    DocumentUnreadable,
    GostNotInstalled,
    RevocationUnknown,
    SigningError,
)
from signing.reports import Level, Link, RawData, TimeSource, TimeStamp
from signing.revocation import Surroundings, road
from signing.suitability import Purpose, require_current
from signing.tokens import Token
from signing.trust import Asked, Trust
from signing.validation_data import Evidence
from signing.verdicts import Verdict

NOTHING = Evidence()
NO_DATA = RawData()
UNHEARD = "метка времени подписана по ГОСТ, а поддержка ГОСТ не установлена"


@dataclass(frozen=True, slots=True)
class Stamped:
    """A believed document timestamp: the first `covers` bytes of the file existed by its time."""

    stamp: TimeStamp
    covers: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be thought of a signer, and what it rests on."""

    verdict: Verdict
    level: Level
    time: datetime | None
    source: TimeSource
    timestamp: TimeStamp | None = None
    time_problem: str = ""  # Russian: why a timestamp that is there counts for nothing
    chain: tuple[Link, ...] = ()
    raw: RawData = NO_DATA


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything known about a file: whom to trust, what the file brings along, what time it is."""

    trust: Trust
    evidence: Evidence
    at: datetime
    silent: set[bytes] = field(default_factory=set)  # issuers nobody answers for: asked once
    unheard: dict[int, GostNotInstalled] = field(default_factory=dict)  # timestamps, by their ends

    def document_timestamps(
        self, signed: Iterable[tuple[asn1_cms.SignedData, bytes, int]]
    ) -> tuple[Stamped, ...]:
        """Return the timestamps over the document that hold, last first.

        Each comes as token, covered bytes and where those end, in the order they were put. Each is
        judged as of the next later one, so a chain of them outlives its certificates. Those nobody
        can check here are noted as `unheard`.
        """
        believed: list[Stamped] = []
        horizon = self.at
        for container, covered, end in reversed(tuple(signed)):
            token = _token(container, covered)
            if isinstance(token, GostNotInstalled):
                self.unheard[end] = token
            if isinstance(token, SigningError):
                continue
            heard = self._heard_token(token, horizon)
            if heard.refusal is not None:
                continue
            horizon = token.time
            believed.append(Stamped(_stamp(token, heard), end))
        return tuple(believed)

    def judge(
        self, claim: Claim, later: Iterable[Stamped] = (), end: int | None = None
    ) -> Judgement:
        """Return what is to be thought of the signer of an unbroken signature.

        `later` are the document timestamps over it, whichever first proves it existed; `end` is
        where its revision of the file ends, if it is in one.
        """
        over = tuple(sorted(later, key=lambda one: one.stamp.time))
        horizon = over[0].stamp.time if over else self.at
        own = self._own_time(claim, horizon, end)
        if own.believed is not None:
            token, timed = own.believed
            heard = self._heard_signer(claim, token.time)
            return Judgement(
                verdict=heard.verdict(timed=True),
                level=_level(proven=heard.proven and timed.proven, renewed=bool(over)),
                time=token.time,
                source=TimeSource.TIMESTAMP,
                timestamp=_stamp(token, timed),
                time_problem=own.problem,
                chain=heard.road,
                raw=_raw(own.tokens, heard, timed),
            )
        heard = self._heard_signer(claim, horizon)
        if over:
            return Judgement(
                verdict=heard.verdict(timed=True),
                level=_level(proven=heard.proven, renewed=len(over) > 1),
                time=horizon,
                source=TimeSource.DOCUMENT_TIMESTAMP,
                timestamp=over[0].stamp,
                time_problem=own.problem,
                chain=heard.road,
                raw=_raw(own.tokens, heard),
            )
        verdict = heard.verdict(timed=False)
        if own.unheard is not None and not verdict.valid:
            verdict = verdicts.on_trouble(own.unheard)  # the token might prove the time
        return Judgement(
            verdict=verdict,
            level=Level.B_B,
            time=claim.said_time,
            source=TimeSource.CLAIMED if claim.said_time else TimeSource.UNKNOWN,
            time_problem=own.problem,
            chain=heard.road,
            raw=_raw(own.tokens, heard),
        )

    def _own_time(self, claim: Claim, horizon: datetime, end: int | None) -> _OwnTime:
        """Look through a signature's own timestamps up to the first that is believed."""
        tokens: list[bytes] = []
        unheard = self._unheard_after(end)
        problem = UNHEARD if unheard else ""
        for signed in claim.timestamps():
            tokens.append(_whole(signed))
            token = _token(signed, claim.value)
            if isinstance(token, GostNotInstalled):
                problem, unheard = UNHEARD, token
                continue
            if isinstance(token, SigningError):
                problem = "метка времени повреждена или поставлена на другую подпись"
                continue
            timed = self._heard_token(token, horizon, claim.evidence)
            if timed.refusal is None:
                return _OwnTime(tuple(tokens), problem, unheard, (token, timed))
            problem = timed.refusal.title.lower()
        return _OwnTime(tuple(tokens), problem, unheard)

    def _unheard_after(self, end: int | None) -> GostNotInstalled | None:
        later = (error for other, error in self.unheard.items() if end is not None and other > end)
        return next(later, None)

    def _heard_token(self, token: Token, horizon: datetime, beside: Evidence = NOTHING) -> _Heard:
        """Hear the owner of a token known to have existed by `horizon`.

        The certificate must not have ended by then; a revocation after the token was given leaves
        it good (RFC 3161, 4).
        """
        try:
            require_current(token.certificate, horizon)
        except SigningError as error:
            return _Heard(error)
        return self._heard(token.certificate, token.chain, token.time, Purpose.TIMESTAMPING, beside)

    def _heard_signer(self, claim: Claim, moment: datetime) -> _Heard:
        return self._heard(claim.certificate, claim.others, moment, Purpose.SIGNING, claim.evidence)

    def _heard(
        self,
        certificate: Certificate,
        chain: Iterable[Certificate],
        moment: datetime,
        purpose: Purpose,
        beside: Evidence,
    ) -> _Heard:
        """Hear what the file itself says of a certificate; ask about it only if it says nothing."""
        issuers = tuple(chain)
        own = self.evidence.joined(beside).joined(Evidence(certificates=issuers))
        asked, proven = Asked(NOTHING), False
        try:
            with document.reading(_malformed()):
                self.trust.check_past(certificate, moment, own, purpose)
            proven = True
        except RevocationUnknown:
            asked = self._asked(certificate, own.certificates, moment, purpose)
        except SigningError as error:
            asked = Asked(NOTHING, error)
        known = (*self.trust.intermediates, *issuers)
        around = Surroundings(self.trust.anchors, known, own, asked.evidence)
        way = road(certificate, around, moment)
        return _Heard(asked.refusal, proven, way, own.joined(asked.evidence))

    def _asked(
        self,
        certificate: Certificate,
        chain: Iterable[Certificate],
        moment: datetime,
        purpose: Purpose,
    ) -> Asked:
        issuer = certificate.issuer.dump()
        if issuer in self.silent:
            return Asked(NOTHING, RevocationUnknown("Служба не ответила и в первый раз."))
        try:
            with document.reading(_malformed()):
                asked = self.trust.ask(certificate, chain, moment, purpose)
        except SigningError as error:
            return Asked(NOTHING, error)
        if isinstance(asked.refusal, RevocationUnknown):
            self.silent.add(issuer)
        return asked


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came out about a certificate; `proven` if the file itself was enough."""

    refusal: SigningError | None
    proven: bool = False
    road: tuple[Link, ...] = ()
    evidence: Evidence = NOTHING

    def verdict(self, *, timed: bool) -> Verdict:
        if self.refusal is None:
            return verdicts.GOOD
        return verdicts.on_trust(self.refusal, timed=timed)


@dataclass(frozen=True, slots=True)
class _OwnTime:
    """What a signature's own timestamps came to."""

    tokens: tuple[bytes, ...]  # those looked at, DER
    problem: str  # Russian: why the last one that counts for nothing does not count
    unheard: GostNotInstalled | None
    believed: tuple[Token, _Heard] | None = None


def _level(*, proven: bool, renewed: bool) -> Level:
    """Return the level of a signature whose time is proven; `renewed` by a later timestamp."""
    if not proven:
        return Level.B_T
    return Level.B_LTA if renewed else Level.B_LT


def _stamp(token: Token, heard: _Heard) -> TimeStamp:
    return TimeStamp(
        time=token.time,
        authority=certificates.owner(token.certificate),
        valid_until=certificates.valid_until(token.certificate),
        chain=heard.road,
    )


def _raw(tokens: Iterable[bytes], *heard: _Heard) -> RawData:
    evidence = Evidence()
    for one in heard:
        evidence = evidence.joined(one.evidence)
    return RawData(
        certificates=tuple(one.dump() for one in evidence.certificates),
        ocsps=tuple(one.dump() for one in evidence.ocsps),
        crls=tuple(one.dump() for one in evidence.crls),
        timestamps=tuple(tokens),
    )


def _whole(signed: asn1_cms.SignedData) -> bytes:
    """Return a token as it is kept in a file of its own (RFC 3161): a ContentInfo, DER."""
    made = asn1_cms.ContentInfo({"content_type": "signed_data", "content": signed.untag()})
    dumped: bytes = made.dump()
    return dumped


def _malformed() -> RevocationUnknown:
    return RevocationUnknown("Данные для проверки сертификата в файле повреждены.")


def _token(signed: asn1_cms.SignedData, stamped: bytes) -> Token | SigningError:
    """Return the token if it can be read and its seal holds, or what is wrong with it."""
    try:
        with document.reading(DocumentUnreadable("")):
            token = Token.read(signed, stamped)
    except SigningError as error:
        return error
    return token if token.intact else DocumentUnreadable("")
