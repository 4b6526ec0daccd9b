"""What a person at a terminal is told of one signature: the outcome first, then its layers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from signing.reports import Link, Revocation, RevocationSource, SignatureReport, Standing

WORDS = {True: "верна", False: "НЕ ВЕРНА", None: "проверить не удалось"}
STANDINGS = {
    Standing.GOOD: "не отозван",
    Standing.REVOKED: "отозван",
    Standing.UNKNOWN: "отзыв не выяснен",
    Standing.ANCHOR: "доверенный корень",
}
SOURCES = {RevocationSource.OCSP: "OCSP", RevocationSource.CRL: "список отзыва"}


def outcome_lines(one: SignatureReport) -> Iterator[str]:
    """Yield a signature's lines."""
    who = one.signer.name if one.signer else "владелец неизвестен"
    said = f"{one.field}: {WORDS[one.valid]}, {who}, {_moment(one.signed_at)}, {one.level}"
    yield f"{said}. {one.reason} [{one.code}]" if one.reason else said
    if one.timestamp:
        yield f"  время: {one.timestamp.authority}, сертификат до {_day(one.timestamp.valid_until)}"
    if one.time_problem:
        yield f"  метка времени не принята: {one.time_problem}"
    if one.algorithms:
        yield f"  алгоритмы: {one.algorithms.signature}; {one.algorithms.digest}"
    if one.extent:
        extent = one.extent
        yield (
            f"  охват: {extent.covered} байт из {extent.size}, "
            f"состояние {extent.revision} из {extent.revisions}"
        )
    for change in one.changes:
        yield f"  изменено после подписания: {change.what} [{change.kind}]"
    for link in one.chain:
        yield f"  сертификат {link.serial}: {_link(link)}"


def _link(link: Link) -> str:
    until = f"{link.owner}, до {_day(link.valid_until)}"
    return f"{until}, {STANDINGS[link.revocation.standing]}{_source(link.revocation)}"


def _source(told: Revocation) -> str:
    if told.source is None:
        return ""
    when = f" от {_day(told.issued_at)}" if told.issued_at else ""
    return f" ({SOURCES[told.source]}{when}, {'в файле' if told.inside else 'по запросу'})"


def _moment(at: datetime | None) -> str:
    return f"{at:%d.%m.%Y %H:%M %Z}" if at else "время неизвестно"


def _day(at: datetime) -> str:
    return f"{at:%d.%m.%Y}"
