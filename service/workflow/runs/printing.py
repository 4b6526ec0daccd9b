"""A run sheet printed: what is done, who is waited for and what is missing, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from service.documents import run_sheet
from service.documents.kind import DocumentKind
from service.documents.run_sheet import LineFact, SheetFacts
from service.domain.approving.approval import ROLE_NAMES, Role
from service.domain.calendars.calendar import MONTHLY, TERM_END, YEAR_END
from service.ledger.calendar.runs import Run, RunState
from service.rendering.passport import Passport
from service.workflow.printing.paper import Draw, Paper
from service.workflow.runs.sheet import LineStatus, Row, Sheet

KIND = "run-sheet"
EMBEDDED = "run-sheet.json"
ABOUT = "Лист прогона: все строки"

STATUSES: Mapping[LineStatus, str] = MappingProxyType(
    {
        LineStatus.MISSING: "нет снимка",
        LineStatus.PLANNED: "будет заказан",
        LineStatus.PRINTING: "печатается",
        LineStatus.WAITING: "ждёт подписи",
        LineStatus.STORING: "сохраняется",
        LineStatus.DONE: "в архиве",
        LineStatus.FAILED: "не напечатан",
        LineStatus.REJECTED: "возвращён",
        LineStatus.CANCELLED: "отменён",
    }
)
STATES = MappingProxyType(
    {
        RunState.OPEN: "прогон идёт",
        RunState.DONE: "всё сделано",
        RunState.CANCELLED: "прогон отменён",
    }
)
WAITED_FOR = MappingProxyType(
    {
        Role.DEPUTY: "подпись заместителя директора",
        Role.SEAL: "печать организации",
        Role.DIRECTOR: "подпись директора",
    }
)
NEXT = MappingProxyType(
    {
        LineStatus.MISSING: "прислать из журнала снимок, в котором период закончен",
        LineStatus.REJECTED: "исправить в журнале и прислать новый снимок",
        LineStatus.CANCELLED: "при необходимости заказать снова",
    }
)


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """Prints run sheets."""

    kinds: Mapping[str, DocumentKind]
    draw: Draw

    def __call__(self, sheet: Sheet, school: str, term: str, at: datetime) -> Paper:
        """Return the sheet as it stands at a moment, as PDF/A-3u and DOCX.

        `school` is what the school is called, if anybody named it, `term` the title of the run's
        term, if it has one.
        """
        facts = self.facts(sheet, school, term, at)
        passport = Passport(
            document=sheet.run.id,
            title=f"{run_sheet.TITLE}: {facts.school}, {facts.name}",
            kind=KIND,
            issued_at=facts.told_at,
            snapshot=json.dumps([*_embedded(sheet)], ensure_ascii=False, sort_keys=True).encode(),
            assignment=json.dumps({"schema": KIND, "run": sheet.run.id}).encode(),
            source=EMBEDDED,
            about=ABOUT,
        )
        return self.draw(run_sheet.content(facts), passport)

    def facts(self, sheet: Sheet, school: str, term: str, at: datetime) -> SheetFacts:
        """Return what a sheet says, in words."""
        run, deadlines = sheet.run, sheet.run.deadlines
        return SheetFacts(
            number=run.id,
            school=school or f"Школа {run.school}",
            name=_name(run, term),
            told_at=at.astimezone(ZoneInfo(run.timezone)).replace(microsecond=0),
            state=STATES[run.state],
            deadlines=(
                ("снимок", deadlines.snapshot),
                ("документы", deadlines.documents),
                ("подписи", deadlines.signed),
            ),
            clocks=_clocks(sheet),
            totals=tuple((STATUSES[one], count) for one, count in sorted(sheet.counts.items())),
            lines=tuple(self._line(row) for row in sheet.rows),
            problem=run.problem.message if run.problem else "",
        )

    def _line(self, row: Row) -> LineFact:
        remark = NEXT.get(row.status, "")
        if row.turn is not None:
            remark = WAITED_FOR.get(row.turn, ROLE_NAMES[row.turn])
        if row.problem is not None:
            remark = row.problem.message
        return LineFact(
            class_title=row.class_title,
            kind=self.kinds[row.kind].title,
            status=STATUSES[row.status],
            pages="" if row.pages is None else str(row.pages),
            remark=remark,
            done=row.status is LineStatus.DONE,
        )


def _clocks(sheet: Sheet) -> str:
    if sheet.assumed:
        return "(часовой пояс школы неизвестен, принято московское время)"
    return f"(по времени {sheet.run.timezone})"


def _name(run: Run, term: str) -> str:
    year = f"{run.year} учебный год"
    names = {
        YEAR_END: f"Конец {run.year} учебного года",
        TERM_END: f"{term or run.term}, {year}",
        MONTHLY: f"Ежемесячные документы, {year}",
    }
    return names.get(run.entry, f"{run.entry}, {year}")


def _embedded(sheet: Sheet) -> Iterator[Mapping[str, object]]:
    for row in sheet.rows:
        yield {
            "class": row.class_id,
            "kind": row.kind,
            "term": row.term,
            "status": row.status,
            "turn": row.turn,
            "document": row.document,
            "problem": row.problem.code if row.problem else None,
        }
