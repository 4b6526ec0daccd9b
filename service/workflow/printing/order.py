"""Somebody orders a document: the same order is the same job, a newer snapshot a new version."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from service.documents.kind import DocumentKind, Scope
from service.documents.options import for_document
from service.domain.errors import Fault, Rejected, Unavailable
from service.ledger import documents, snapshots, versions
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.ids import id_of
from service.ledger.printing import jobs, steps
from service.ledger.printing.jobs import Job
from service.ledger.printing.steps import Step
from service.ledger.road import Road
from service.ledger.snapshots import ClassEntry, SnapshotRow
from service.observing.context import bound
from service.workflow.schools import Schools

LOG = logging.getLogger(__name__)

Still = Callable[[Connection], object]
"""Raise, in the transaction that writes, if what is ordered is not wanted any more."""


class OrderWrong(Rejected):
    """The order names a kind, class or term that cannot be printed from this snapshot."""

    code = "order-wrong"
    title = "Заказ не принят"


class QuotaExceeded(Unavailable):
    """So many orders of the school wait already that another one would only wait longer."""

    code = "quota-exceeded"
    title = "Очередь школы заполнена"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed; `term` is empty for a document of the whole year."""

    school: str
    snapshot: str
    kind: str
    class_id: str
    term: str
    batch: bool = False  # one of many: urgent orders pass it


@dataclass(frozen=True, slots=True)
class Ordered:
    """A job, its document and the step that prints it; `new` unless it was ordered before."""

    job: Job
    document: Document
    step: Step | None
    new: bool


@dataclass(frozen=True, slots=True)
class Order:
    """Takes orders.

    `design` is the hash of templates and fonts: it makes another document of the same order.
    `forms` is the hash of program, templates and fonts a document is printed with.
    `public_url` is where people reach the service: it stands in QR codes, where they are chosen.
    """

    database: Database
    kinds: Mapping[str, DocumentKind]
    schools: Schools
    design: str
    forms: str
    road: Road
    quota: int  # orders of one school that may wait to be printed
    public_url: str | None = None

    def __call__(
        self, wanted: Wanted, by: str, at: datetime, still: Still | None = None
    ) -> Ordered:
        """Return the job of an order, begun if it is new, begun again where it had ended.

        What can be is read before the turn to write is taken, which others wait for.
        """
        with self.database.reading() as connection:
            drafted = self._drafted(connection, wanted, at)
            job = Job(id_of("job", drafted.id), wanted.school, drafted.id, by, at, wanted.batch)
            found = documents.find(connection, drafted.id)
            if found is not None and not _ended(connection, found):
                return _told(connection, job.id)
        with self.database.writing() as connection:
            if still is not None:
                still(connection)
            found = documents.find(connection, drafted.id)
            if found is None:
                return self._begun(connection, drafted, job)
            for volume in _ended(connection, found):
                again = volume.failed_in or State.RENDERING
                self.road.move(connection, volume, again, at, by, failed_in=None, problem=None)
            return _told(connection, job.id)

    def _begun(self, connection: Connection, drafted: Document, job: Job) -> Ordered:
        self._require_room(connection, drafted.school)
        about = (drafted.school, drafted.year, drafted.kind, drafted.class_id, drafted.term)
        last, supersedes = versions.last(connection, *about)
        document = replace(drafted, version=last + 1, supersedes=supersedes)
        step = self.road.enter(connection, document, job.ordered_by, batch=job.batch)
        jobs.add(connection, job)
        with bound(job=job.id, document=document.id):
            LOG.info("ordered")
        return Ordered(job, document, step, new=True)

    def _require_room(self, connection: Connection, school: str) -> None:
        if documents.waiting(connection, school, self.quota) >= self.quota:
            raise QuotaExceeded(
                f"Печати уже ждут {self.quota} заданий школы: дождитесь их или отмените лишние."
            )

    def _drafted(self, connection: Connection, wanted: Wanted, at: datetime) -> Document:
        """Return the document of an order as if it were the first of its versions."""
        snapshot = snapshots.get(connection, wanted.school, wanted.snapshot)
        journal = self._checked(wanted, snapshot)
        rules = self.schools.within(connection, wanted.school)
        kind = self.kinds[wanted.kind]
        timezone = rules.timezone or snapshot.timezone
        options = for_document(rules.options, self.public_url).told_json()
        return Document(
            id=id_of("document", *_key(wanted), snapshot.sha256, options, self.design),
            school=wanted.school,
            snapshot=snapshot.id,
            kind=wanted.kind,
            class_id=wanted.class_id,
            class_title=journal.title,
            term=wanted.term,
            year=snapshot.year,
            year_end=snapshot.year_end,
            timezone=timezone,
            version=1,
            supersedes="",
            options=options,
            forms=self.forms,
            route=tuple(r for r in rules.options.signing_route if r in kind.signatories),
            retention_years=kind.retention,
            issued_at=at.astimezone(ZoneInfo(timezone)).replace(microsecond=0),
            state=State.RENDERING,
            generation=1,
            created_at=at,
            updated_at=at,
        )

    def _checked(self, wanted: Wanted, snapshot: SnapshotRow) -> ClassEntry:
        """Return the class an order names, or raise OrderWrong with what to choose from."""
        kind = self.kinds.get(wanted.kind)
        if kind is None:
            raise _wrong("/kind", "unknown-kind", f"Вид документа: {', '.join(self.kinds)}.")
        journal = next((one for one in snapshot.classes if one.id == wanted.class_id), None)
        if journal is None:
            known = ", ".join(one.id for one in snapshot.classes)
            raise _wrong("/class", "unknown-class", f"В снимке такого класса нет, есть: {known}.")
        if kind.scope is Scope.CLASS:
            if wanted.term:
                raise _wrong("/term", "term-not-needed", "Документ за год: период не указывайте.")
            return journal
        terms = [one.id for one in snapshot.terms if journal.grade in one.grades]
        if wanted.term not in terms:
            raise _wrong("/term", "unknown-term", f"Нужен период класса: {', '.join(terms)}.")
        return journal


def _ended(connection: Connection, document: Document) -> tuple[Document, ...]:
    """Return the volumes of a document that nobody prints or keeps any more."""
    bound = versions.volumes(connection, document)
    return tuple(one for one in bound if one.state in {State.FAILED, State.CANCELLED})


def _told(connection: Connection, job: str) -> Ordered:
    found = jobs.get(connection, job)
    document = documents.get(connection, found.document)
    step = steps.latest(connection, document.id, State.RENDERING)
    return Ordered(found, document, step, new=False)


def _wrong(pointer: str, code: str, message: str) -> OrderWrong:
    return OrderWrong(message, (Fault(pointer, code, message),))


def _key(wanted: Wanted) -> tuple[str, ...]:
    return wanted.school, wanted.snapshot, wanted.kind, wanted.class_id, wanted.term
