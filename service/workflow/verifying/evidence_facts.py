"""What an evidence record proves, in words for a protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from service.domain.wording.dates import day
from service.workflow.verifying.verified import EvidenceLayer
from signing.evidence import Proof

PROOFS = {
    Proof.PROVEN: "файлы существовали в этом виде",
    Proof.NOT_COVERED: "запись не относится к этим файлам",
    Proof.BROKEN: "запись противоречит сама себе",
    Proof.UNDETERMINED: "запись цела, но подтвердить её больше некому",
}


def evidence_facts(
    layer: EvidenceLayer, moment: Callable[[datetime], str]
) -> Iterator[tuple[str, str]]:
    """Yield the facts of an evidence record; nothing where there is none yet."""
    if layer.problem is not None:
        yield "Итог", f"не проверена: {layer.problem}"
    report = layer.report
    if report is None:
        return
    yield "Итог", PROOFS[report.state]
    if report.reason:
        yield "Причина", report.reason
    if report.since:
        yield "Доказано на", moment(report.since)
    if report.until:
        yield "Продлить до", day(report.until)
    for number, stamp in enumerate(report.timestamps, start=1):
        told = f"{moment(stamp.time)}, {stamp.authority}, сертификат до {day(stamp.until)}"
        yield f"Метка времени {number}", told
