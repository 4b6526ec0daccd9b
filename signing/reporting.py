"""Writing down what came out about one signature."""

from __future__ import annotations

from signing import certificates
from signing.certificates import Certificate
from signing.claims import Claim
from signing.judging import Judgement
from signing.reports import Coverage, Level, SignatureReport, Signer, TimeSource
from signing.strengths import algorithms_of
from signing.verdicts import Verdict


def unjudged(claim: Claim, verdict: Verdict) -> Judgement:
    """Return the judgement where bytes do not hold: nobody's word about the signer matters."""
    source = TimeSource.CLAIMED if claim.said_time else TimeSource.UNKNOWN
    return Judgement(verdict, Level.B_B, claim.said_time, source)


def report(
    name: str,
    claim: Claim,
    judgement: Judgement,
    *,
    intact: bool,
    coverage: Coverage = Coverage.UNCLEAR,
) -> SignatureReport:
    """Return the report on a signature that can be read."""
    return SignatureReport(
        field=name,
        signer=_signer(claim.certificate),
        level=judgement.level,
        signed_at=judgement.time,
        signed_at_source=judgement.source,
        intact=intact,
        valid=judgement.verdict.valid,
        code=judgement.verdict.code,
        reason=judgement.verdict.reason,
        coverage=coverage,
        certifies=False,
        locks=False,
        algorithms=algorithms_of(claim),
        timestamp=judgement.timestamp,
        time_problem=judgement.time_problem,
        chain=judgement.chain,
        raw=judgement.raw,
    )


def unread(name: str, verdict: Verdict) -> SignatureReport:
    """Return the report on a signature that cannot even be read."""
    return SignatureReport(
        field=name,
        signer=None,
        level=Level.B_B,
        signed_at=None,
        signed_at_source=TimeSource.UNKNOWN,
        intact=False,
        valid=verdict.valid,
        code=verdict.code,
        reason=verdict.reason,
        coverage=Coverage.UNCLEAR,
        certifies=False,
        locks=False,
    )


def _signer(certificate: Certificate) -> Signer:
    return Signer(
        name=certificates.owner(certificate),
        serial=certificates.serial(certificate),
        issuer=certificates.issuer(certificate),
        valid_from=certificates.valid_from(certificate),
        valid_until=certificates.valid_until(certificate),
        test=certificates.is_test(certificate),
    )
