"""A verification written down as «Протокол проверки подписи», in PDF/A and DOCX."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from service.documents import verification_protocol
from service.documents.verification_protocol import (
    CopyFact,
    LinkFact,
    Protocol,
    SignatureFact,
    grouped,
    size,
)
from service.domain.approving.approval import ROLE_NAMES
from service.domain.wording import dates, words
from service.domain.wording.dates import day
from service.domain.wording.text import NBSP
from service.rendering.passport import Passport
from service.workflow.keeping.check_copies import CopyReport
from service.workflow.printing.paper import Draw, Paper
from service.workflow.verifying import plain
from service.workflow.verifying.evidence_facts import evidence_facts
from service.workflow.verifying.layers import layers
from service.workflow.verifying.verified import DocumentReport, FileReport
from signing.reports import (
    Coverage,
    Link,
    Revocation,
    RevocationSource,
    SignatureReport,
    Standing,
    TimeSource,
)

KIND = "verification-protocol"
EMBEDDED = "verification.json"
ABOUT = "Отчёт о проверке: все слои и исходные данные"

OUTCOMES = {True: "верна", False: "не подтверждена", None: "не проверена до конца"}
LEVELS = {
    "B-B": "B-B (только подпись)",
    "B-T": "B-T (с меткой времени)",
    "B-LT": "B-LT (с меткой времени и данными для проверки)",
    "B-LTA": "B-LTA (с данными для проверки под более поздней меткой времени)",
}
FOLLOWS = {
    Coverage.WHOLE_FILE: "ничего",
    Coverage.EVIDENCE_FOLLOWS: "только данные для проверки и метки времени",
    Coverage.SIGNATURES_FOLLOW: "следующие подписи и данные для проверки",
    Coverage.CHANGES_FOLLOW: "изменения",
    Coverage.UNCLEAR: "не определено",
}
FIELDS = {role.value: name for role, name in ROLE_NAMES.items()}
LOCKS = {"COMPLIANCE": "нельзя удалить до", "WRITE-ONCE": "закрыт от записи до"}
SOURCES = {RevocationSource.OCSP: "OCSP", RevocationSource.CRL: "список отзыва"}


@dataclass(frozen=True, slots=True)
class PrintProtocol:
    """Prints protocols; `version` is the program's own."""

    draw: Draw
    version: str

    def __call__(self, report: FileReport | DocumentReport) -> Paper:
        """Return the protocol of a verification as PDF/A-3u and DOCX.

        The whole report, with the raw validation data, is embedded in the PDF as JSON. Its number
        is the document's id or the file's SHA-256.
        """
        protocol = protocol_of(report, self.version)
        told = json.dumps(layers(report, raw=True), ensure_ascii=False, sort_keys=True)
        passport = Passport(
            document=protocol.number,
            title=verification_protocol.TITLE,
            kind=KIND,
            issued_at=protocol.checked_at,
            snapshot=told.encode(),
            assignment=json.dumps({"schema": KIND, "program": self.version}).encode(),
            source=EMBEDDED,
            about=ABOUT,
        )
        return self.draw(verification_protocol.content(protocol), passport)


def protocol_of(report: FileReport | DocumentReport, version: str) -> Protocol:
    """Return what a protocol prints of a verification."""
    if isinstance(report, DocumentReport):
        tell = _Teller(ZoneInfo(report.timezone))
        return replace(
            _of_file(report.file, plain.of_document(report).text, tell, version),
            subject=tuple(tell.subject(report)),
            retention=tuple(tell.retention(report)),
            copies=tuple(tell.copy(one) for one in report.copies),
        )
    return _of_file(report, plain.of_file(report).text, _Teller(ZoneInfo("UTC")), version)


def _of_file(file: FileReport, answer: str, tell: _Teller, version: str) -> Protocol:
    return Protocol(
        number=(file.document or file.sha256) or KIND,
        checked_at=file.checked_at.astimezone(tell.zone).replace(microsecond=0),
        version=version,
        answer=answer,
        subject=tuple(tell.subject(file)),
        signatures=tuple(tell.signature(one) for one in file.signatures),
        evidence=tuple(evidence_facts(file.evidence, tell.moment)),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts findings into words, times by the clocks of one zone."""

    zone: ZoneInfo

    def moment(self, at: datetime) -> str:
        return dates.moment(at.astimezone(self.zone))

    def _day(self, at: datetime) -> str:
        return day(at.astimezone(self.zone))

    def subject(self, report: FileReport | DocumentReport) -> Iterator[tuple[str, str]]:
        if isinstance(report, DocumentReport):
            yield "Документ", f"{report.title}, {report.class_title}, {report.year}"
            yield "Номер документа", f"{report.document}, версия{NBSP}{report.version}"
            file = report.file
        else:
            file = report
            if file.document:
                yield "Номер документа", file.document
        if file.sha256:
            yield "Хэш файла (SHA-256)", grouped(file.sha256)
        if file.size is not None:
            yield "Размер файла", size(file.size)
        yield "Подписей", words.figures(len(file.signatures))
        if file.judged_at != file.checked_at:
            yield "Подписи оценены на", f"{self.moment(file.judged_at)}, по записи доказательства"

    def signature(self, one: SignatureReport) -> SignatureFact:
        who = one.signer.name if one.signer else "подписавший неизвестен"
        return SignatureFact(
            title=f"{who} — {OUTCOMES[one.valid]}",
            facts=tuple(self._facts(one)),
            chain=tuple(self._link(link) for link in one.chain),
        )

    def _facts(self, one: SignatureReport) -> Iterator[tuple[str, str]]:
        if one.reason:
            yield "Причина", one.reason
        yield "Поле подписи", FIELDS.get(one.field, one.field)
        if one.signer:
            yield "Сертификат", grouped(one.signer.serial)
            test = " (тестовый центр)" if one.signer.test else ""
            yield "Выдан", f"{one.signer.issuer}{test}"
            span = f"с {day(one.signer.valid_from)} по {day(one.signer.valid_until)}"
            yield "Действителен", span
        yield "Время подписания", self._time(one)
        if one.time_problem:
            yield "Метка времени", f"не принята: {one.time_problem}"
        yield "Уровень", LEVELS[one.level]
        if one.algorithms:
            yield "Алгоритмы", f"{one.algorithms.signature}; {one.algorithms.digest}"
        if one.extent:
            extent = one.extent
            yield (
                "Охват файла",
                f"{size(extent.covered)} из {size(extent.size)}, "
                f"состояние {extent.revision} из {extent.revisions}",
            )
            after = ", ".join(change.what for change in one.changes) or FOLLOWS[one.coverage]
            yield "После подписи в файле", after

    def _time(self, one: SignatureReport) -> str:
        if one.signed_at is None:
            return "неизвестно"
        when = self.moment(one.signed_at)
        if one.timestamp is None:
            return f"{when}, со слов подписавшего"
        what = "не позднее, чем " if one.signed_at_source is TimeSource.DOCUMENT_TIMESTAMP else ""
        stamp = one.timestamp
        return (
            f"{what}{when}, метка времени: {stamp.authority} "
            f"(сертификат до {day(stamp.valid_until)})"
        )

    def _link(self, link: Link) -> LinkFact:
        return LinkFact(link.owner, link.serial, link.valid_until, self._revocation(link))

    def _revocation(self, link: Link) -> str:
        told: Revocation = link.revocation
        match told.standing:
            case Standing.ANCHOR:
                return "корень, которому доверяет служба"
            case Standing.UNKNOWN:
                return "не выяснено"
            case Standing.GOOD:
                later = f"; отозван позже, {day(told.revoked_at)}" if told.revoked_at else ""
                return f"не отозван: {self._source(told)}{later}"
            case Standing.REVOKED:
                when = day(told.revoked_at) if told.revoked_at else ""
                return f"отозван {when}: {self._source(told)}"

    def _source(self, told: Revocation) -> str:
        source = SOURCES[told.source] if told.source else ""
        where = "в файле" if told.inside else "по запросу"
        when = f" от {day(told.issued_at)}" if told.issued_at else ""
        return f"{source}{when}, {where}"

    def retention(self, report: DocumentReport) -> Iterator[tuple[str, str]]:
        kept = report.retention
        yield "Срок хранения", f"{kept.years}{NBSP}{words.noun(kept.years, words.YEAR)}"
        if kept.keep_until and kept.destroy_from:
            yield "Хранить до", f"{day(kept.keep_until)} включительно"
            yield "Уничтожать не раньше", day(kept.destroy_from)
        if report.superseded_by:
            yield "Новая версия", report.superseded_by

    def copy(self, one: CopyReport) -> CopyFact:
        kept = one.kept
        outcomes = {True: "байты те же", None: "хранилище не отвечает", False: "не тот файл"}
        return CopyFact(
            store=kept.store,
            file=kept.name,
            lock=f"{LOCKS.get(kept.mode, kept.mode)} {self._day(kept.locked_until)}",
            checked=self.moment(kept.checked),
            outcome=outcomes[one.good],
        )
