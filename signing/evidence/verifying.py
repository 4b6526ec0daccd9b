"""Whether an evidence record proves files at a moment, asking nobody (RFC 4998, 5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from signing import certificates, digests
from signing.errors import CertificateExpired, GostNotInstalled, SigningError
from signing.evidence.hashtree import climbed
from signing.evidence.record import ArchiveTimestamp, Record
from signing.evidence.renewing import carried
from signing.evidence.reports import EvidenceReport, Over, Proof, TimestampReport
from signing.evidence.witness import TokenUnreadable, Witness
from signing.trust import Trust
from signing.validation_data import Evidence

DigestOf: TypeAlias = Callable[[str], bytes]
"""A file as a record sees it: its digest by an algorithm's name."""

STRONG = frozenset({"sha256", "sha384", "sha512", "streebog256", "streebog512"})
NEVER: Mapping[str, datetime] = MappingProxyType({})
GOOD = "good"


def digest_of(body: bytes) -> DigestOf:
    """Return the view of a file a record is held against."""
    return lambda algorithm: digests.digest(algorithm, body)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One timestamp of the record, found to be over what it should be over."""

    archived: ArchiveTimestamp
    over: Over
    root: bytes
    witness: Witness


class _Fault(Exception):
    """The record, or a file, is not what it should be; says how."""

    def __init__(self, state: Proof, code: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.code = code


def verify(
    record: Record,
    files: Sequence[DigestOf],
    trust: Trust,
    at: datetime,
    weak_since: Mapping[str, datetime] = NEVER,
) -> EvidenceReport:
    """Judge what `record` proves about `files`, all of them, as of `at` (RFC 4998, 5.3).

    Each timestamp is judged at the time of the next one, the last at `at`, by the validation
    data inside the record and nothing else; roots are those of `trust`. A digest algorithm must
    not have been weak (`weak_since`, by name) when the next chain took over, or at `at`.
    ValueError without files.
    """
    if not files:
        raise ValueError("a record proves nothing about no file")
    try:
        seen = tuple(_seen(record, files))
    except _Fault as fault:
        return EvidenceReport(fault.state, None, None, "", False, (), fault.code, str(fault))
    reports = _judged(seen, trust, at)
    first, last = seen[0], seen[-1]
    wrong = next((one for one in reports if one.code != GOOD), None)
    code, reason = (wrong.code, wrong.reason) if wrong else _strength(seen, at, weak_since)
    return EvidenceReport(
        state=Proof.PROVEN if code == GOOD else Proof.UNDETERMINED,
        since=first.witness.token.time,
        until=last.witness.until,
        tree=first.root.hex(),
        whole=_whole(first.archived, files),
        timestamps=reports,
        code=code,
        reason=reason,
    )


def _seen(record: Record, files: Sequence[DigestOf]) -> Iterator[_Seen]:
    """Yield the timestamps in their order, or raise _Fault at the first that does not fit."""
    before: datetime | None = None
    for number, chain in enumerate(record.chains):
        algorithm = chain[0].algorithm
        leaves = _digests(files, algorithm)
        over = Over.DATA
        if number:
            leaves = carried(leaves, record.chains[:number], algorithm)
            over = Over.CHAINS
        for archived in chain:
            if archived.algorithm != algorithm:
                raise _broken(
                    "evidence-algorithms-mixed",
                    "Внутри одной цепочки меток времени сменился алгоритм хэширования.",
                )
            root = _root(leaves, archived, over)
            witness = _witness(archived, root)
            if before is not None and witness.token.time < before:
                raise _broken(
                    "evidence-order", "Метки времени в доказательстве стоят не по порядку."
                )
            yield _Seen(archived, over, root, witness)
            before = witness.token.time
            leaves = (digests.digest(algorithm, archived.token),)
            over = Over.TIMESTAMP


def _digests(files: Sequence[DigestOf], algorithm: str) -> tuple[bytes, ...]:
    try:
        return tuple(digest(algorithm) for digest in files)
    except GostNotInstalled as error:
        raise _Fault(Proof.UNDETERMINED, error.code, str(error)) from None
    except ValueError:
        raise _Fault(
            Proof.UNDETERMINED,
            "digest-unknown",
            f"Алгоритм хэширования {algorithm} здесь неизвестен.",
        ) from None


def _root(leaves: Sequence[bytes], archived: ArchiveTimestamp, over: Over) -> bytes:
    roots = {climbed(leaf, archived.path, archived.algorithm) for leaf in leaves}
    root = roots.pop()
    if root is not None and not roots:
        return root
    match over:
        case Over.DATA:
            raise _Fault(
                Proof.NOT_COVERED,
                "evidence-other-file",
                "Доказательство не об этом файле, либо файл изменён.",
            )
        case Over.TIMESTAMP:
            reason = "Метка времени продлевает не ту метку, что стоит перед ней."
        case Over.CHAINS:
            reason = "Новая цепочка меток времени продолжает не те, что стоят перед ней."
    raise _broken("evidence-chain-broken", reason)


def _witness(archived: ArchiveTimestamp, root: bytes) -> Witness:
    try:
        witness = Witness.read(archived.token, archived.algorithm, root)
    except GostNotInstalled as error:
        raise _Fault(Proof.UNDETERMINED, error.code, str(error)) from None
    except TokenUnreadable as error:
        raise _broken(error.code, str(error)) from None
    if not witness.token.intact:
        raise _broken(
            "timestamp-broken",
            "Метка времени повреждена или поставлена на другие данные.",
        )
    return witness


def _judged(seen: Sequence[_Seen], trust: Trust, at: datetime) -> tuple[TimestampReport, ...]:
    evidence = Evidence()
    for one in seen:
        evidence = evidence.joined(one.witness.enclosed)
    horizons = (*(one.witness.token.time for one in seen[1:]), at)
    return tuple(
        _judgement(one, trust, evidence, horizon)
        for one, horizon in zip(seen, horizons, strict=True)
    )


def _judgement(one: _Seen, trust: Trust, evidence: Evidence, horizon: datetime) -> TimestampReport:
    token = one.witness.token
    code, reason = GOOD, ""
    if token.time > horizon:
        code = "timestamp-from-future"
        reason = f"Метка времени поставлена позже, чем идёт проверка: {token.time:%d.%m.%Y}."
    else:
        try:
            one.witness.believe(trust, evidence, horizon)
        except CertificateExpired as error:
            code, reason = "timestamp-not-renewed", _missed(error, horizon)
        except SigningError as error:
            code, reason = error.code, f"Метке времени нельзя верить. {error}"
    return TimestampReport(
        time=token.time,
        over=one.over,
        algorithm=one.archived.algorithm,
        authority=certificates.owner(token.certificate),
        until=one.witness.until,
        judged_at=horizon,
        code=code,
        reason=reason,
    )


def _missed(error: CertificateExpired, horizon: datetime) -> str:
    ended = f" {error.when:%d.%m.%Y}" if error.when else ""
    return (
        f"Сертификат службы меток времени истёк{ended}, а до этого метку не продлили "
        f"(проверено на {horizon:%d.%m.%Y})."
    )


def _strength(
    seen: Sequence[_Seen], at: datetime, weak_since: Mapping[str, datetime]
) -> tuple[str, str]:
    """Return whether each chain's algorithm was strong until the next chain took over."""
    heads = [one for one in seen if one.over is not Over.TIMESTAMP]
    ends = (*(one.witness.token.time for one in heads[1:]), at)
    for head, end in zip(heads, ends, strict=True):
        name = head.archived.algorithm
        if name not in STRONG or (name in weak_since and weak_since[name] <= end):
            return "digest-weak", f"Алгоритм хэширования {name} больше не считается стойким."
    return GOOD, ""


def _whole(first: ArchiveTimestamp, files: Sequence[DigestOf]) -> bool:
    given = {digest(first.algorithm) for digest in files}
    return given == set(first.path[0]) if first.path else True


def _broken(code: str, reason: str) -> _Fault:
    return _Fault(Proof.BROKEN, code, reason)
