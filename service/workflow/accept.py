"""A snapshot comes in: checked once, its bytes kept as they were sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.domain.errors import Fault, Rejected
from service.domain.extract import snapshot_id
from service.domain.intake.judging import Judged
from service.domain.snapshot import Snapshot
from service.domain.wording.names import class_title
from service.ledger import audit, snapshots
from service.ledger.calendar import journals, runs, schedule
from service.ledger.database import Database
from service.ledger.files import Arrived, Files
from service.ledger.snapshots import ClassEntry, SnapshotRow, TermEntry
from service.workflow.printing import excerpts


class AnotherSchool(Rejected):
    """The snapshot was taken of another school than the one it was sent to."""

    code = "another-school"
    title = "Снимок другой школы"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A snapshot that is kept; `new` unless the same bytes were kept before."""

    row: SnapshotRow
    new: bool


@dataclass(frozen=True, slots=True)
class Accept:
    """Accepts snapshots; `judge` checks the one in a file, wherever that is done."""

    database: Database
    files: Files
    judge: Callable[[Path], Judged]

    def __call__(self, school: str, arrived: Arrived, by: str, at: datetime) -> Accepted:
        """Keep a snapshot and return its row; the same bytes give the same row."""
        name = snapshot_id(arrived.sha256)
        with self.database.reading() as connection:
            known = snapshots.find(connection, name)
        if known is not None and known.school == school:
            self.files.take(arrived)  # in case it was lost
            return Accepted(known, new=False)
        judged = self.judge(arrived.path)
        _require_own(school, judged.outline)
        row = _row(name, judged, arrived, at)
        news = journals.noted(name, judged.outline)
        self.files.take(arrived)
        excerpts.remember(self.files, arrived.sha256, judged.extents)
        with self.database.writing() as connection:
            if (known := snapshots.find(connection, name)) is not None:
                return Accepted(known, new=False)
            snapshots.add(connection, row)
            journals.note(connection, news)
            schedule.disturb(connection, school, at)
            runs.wake(connection, school, at)
            audit.append(
                connection,
                audit.Event(at, school, name, by, "accept", {"sha256": row.sha256}),
            )
        return Accepted(row, new=True)


def _row(name: str, judged: Judged, arrived: Arrived, at: datetime) -> SnapshotRow:
    snapshot = judged.outline
    return SnapshotRow(
        id=name,
        school=snapshot.school.id,
        sha256=arrived.sha256,
        size=arrived.size,
        year=snapshot.year.label,
        year_end=snapshot.year.end,
        timezone=snapshot.school.timezone,
        classes=tuple(ClassEntry(one.id, class_title(one), one.grade) for one in snapshot.classes),
        terms=tuple(TermEntry(one.id, one.title, one.grades) for one in snapshot.terms),
        warnings=judged.warnings,
        accepted_at=at,
    )


def _require_own(school: str, snapshot: Snapshot) -> None:
    if snapshot.school.id != school:
        message = f"Снимок отправлен школе «{school}», а в нём указана другая школа."
        raise AnotherSchool(message, (Fault("/school/id", "another-school", message),))
