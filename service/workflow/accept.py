"""A snapshot comes in: checked once, its bytes kept as they were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from pydantic import BaseModel

from service.domain.errors import Fault, Rejected
from service.domain.extract import snapshot_id
from service.domain.names import class_title
from service.domain.parsing import survey
from service.domain.printable import WARNINGS_SHOWN, Path
from service.domain.snapshot import Snapshot
from service.ledger import audit, journals, runs, schedule, snapshots
from service.ledger.database import Database
from service.ledger.files import Files, sha256
from service.ledger.snapshots import ClassEntry, SnapshotRow, TermEntry


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
    """Accepts snapshots; `warn` finds what deserves a look in a part of one."""

    database: Database
    files: Files
    warn: Callable[[BaseModel, Path], tuple[Fault, ...]]

    def __call__(self, school: str, body: bytes, by: str, at: datetime) -> Accepted:
        """Keep a snapshot and return its row; the same bytes give the same row."""
        name = snapshot_id(body)
        with self.database.reading() as connection:
            known = snapshots.find(connection, name)
        if known is not None and known.school == school:
            self.files.keep(body)  # in case it was lost
            return Accepted(known, new=False)
        snapshot, warned = survey(body, lambda index, one: self.warn(one, ("classes", index)))
        _require_own(school, snapshot)
        row = self._row(name, snapshot, body, at, chain(self.warn(snapshot, ()), *warned))
        news = journals.noted(name, snapshot)
        self.files.keep(body)
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

    def _row(
        self,
        name: str,
        snapshot: Snapshot,
        body: bytes,
        at: datetime,
        warned: Iterable[Fault],
    ) -> SnapshotRow:
        return SnapshotRow(
            id=name,
            school=snapshot.school.id,
            sha256=sha256(body),
            size=len(body),
            year=snapshot.year.label,
            year_end=snapshot.year.end,
            timezone=snapshot.school.timezone,
            classes=tuple(
                ClassEntry(one.id, class_title(one), one.grade) for one in snapshot.classes
            ),
            terms=tuple(TermEntry(one.id, one.title, one.grades) for one in snapshot.terms),
            warnings=tuple(islice(warned, WARNINGS_SHOWN)),
            accepted_at=at,
        )


def _require_own(school: str, snapshot: Snapshot) -> None:
    if snapshot.school.id != school:
        message = f"Снимок отправлен школе «{school}», а в нём указана другая школа."
        raise AnotherSchool(message, (Fault("/school/id", "another-school", message),))
