"""The outcome of a verification in one or two sentences that a headteacher understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from service.domain.approving.approval import ROLE_NAMES
from service.domain.wording import dates
from service.workflow.verifying.verified import DocumentReport, FileReport
from signing.reports import SignatureReport, TimeSource

HOLDS, DOES_NOT, UNKNOWN = (
    "Подпись верна.",
    "Подпись не подтверждена: ",
    "Проверить до конца не удалось: ",
)
GOOD = "good"
TEST = "Сертификат выпущен тестовым центром: юридической силы такая подпись не имеет."
LATER = "Повторите проверку позже."
PROVEN = frozenset({TimeSource.TIMESTAMP, TimeSource.DOCUMENT_TIMESTAMP})


@dataclass(frozen=True, slots=True)
class Plain:
    """The outcome: a stable code («good» or what is wrong) and Russian sentences."""

    valid: bool | None
    code: str
    text: str


def of_file(report: FileReport, zone: str = "UTC") -> Plain:
    """Return the outcome for a file; times are told by the clocks of `zone`."""
    signatures = report.signatures
    if not signatures:
        return Plain(False, "unsigned", f"{DOES_NOT}в файле нет ни одной подписи.")
    wrong = next((one for one in signatures if one.valid is False), None)
    if wrong is not None:
        advice = "Возьмите исходный файл из архива." if not wrong.intact else ""
        return Plain(False, wrong.code, _line(f"{DOES_NOT}{_whose(wrong, signatures)}", advice))
    unclear = next((one for one in signatures if one.valid is None), None)
    if unclear is not None:
        return Plain(None, unclear.code, _line(f"{UNKNOWN}{_whose(unclear, signatures)}", LATER))
    return Plain(True, GOOD, _holding(signatures, zone))


def of_document(report: DocumentReport) -> Plain:
    """Return the outcome for a document with its copies and evidence."""
    found = of_file(report.file, report.timezone)
    if found.valid is not True:
        return found
    damaged = _stores(report, good=False)
    if damaged:
        return Plain(
            False,
            "copy-damaged",
            f"{HOLDS} Но в хранилище {damaged} файл не тот, что был туда положен, или пропал. "
            "Сообщите администратору: копию нужно восстановить.",
        )
    silent = _stores(report, good=None)
    if silent:
        return Plain(
            None,
            "copy-unavailable",
            f"{UNKNOWN}хранилище {silent} не отвечает, его копия не перечитана. "
            f"Сама подпись верна, документ после подписания не изменялся. {LATER}",
        )
    if report.deposited and not report.archived:
        return Plain(
            None,
            "copy-missing",
            f"{UNKNOWN}документ ещё не лежит в обоих хранилищах. "
            f"Сама подпись верна, документ после подписания не изменялся. {LATER}",
        )
    if report.file.evidence.against:
        return Plain(
            None,
            "evidence-broken",
            f"{UNKNOWN}запись доказательства не подходит к файлам документа. "
            "Сама подпись верна. Сообщите администратору.",
        )
    more = []
    if report.awaited:
        names = ", ".join(ROLE_NAMES[role] for role in report.awaited)
        more.append(f"Ещё не подписано: {names}.")
    if report.superseded_by:
        more.append("Есть более новая версия этого документа.")
    return Plain(True, GOOD, " ".join((found.text, *more)))


def _holding(signatures: Sequence[SignatureReport], zone: str) -> str:
    last = max((one.signed_at for one in signatures if one.signed_at), default=None)
    proven = all(one.signed_at_source in PROVEN for one in signatures)
    whole = "Документ не изменялся после подписания"
    if last is not None and proven:
        whole = f"{whole} {_moment(last, zone)}."
    elif last is not None:
        whole = f"{whole}. Время подписания, {_moment(last, zone)}, ничем не заверено."
    else:
        whole = f"{whole}. Время подписания неизвестно."
    names = _listed(one.signer.name for one in signatures if one.signer)
    who = f"Подписали: {names}." if len(signatures) > 1 else f"Подпись: {names}."
    test = TEST if any(one.signer and one.signer.test for one in signatures) else ""
    return _line(f"{HOLDS} {whole} {who}", test)


def _whose(one: SignatureReport, among: Sequence[SignatureReport]) -> str:
    reason = one.reason[:1].lower() + one.reason[1:]
    if len(among) == 1 or one.signer is None:
        return reason
    return f"{one.signer.name} — {reason}"


def _stores(report: DocumentReport, *, good: bool | None) -> str:
    found = sorted({one.kept.store for one in report.copies if one.good is good})
    return " и ".join(f"«{name}»" for name in found)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _moment(at: datetime, zone: str) -> str:
    return dates.moment(at.astimezone(UTC) if zone == "UTC" else dates.local(at, zone))


def _line(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
