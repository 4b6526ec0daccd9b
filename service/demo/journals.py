"""What the demo has printed: a public export of a real journal, and a made-up class in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.domain.journal import SchoolClass
from service.domain.snapshot import Snapshot, Term
from service.domain.wording.names import class_title
from service.imports import formats
from service.sample.school import school

SCOLE = Path(__file__).parent / "data" / "scole"


@dataclass(frozen=True, slots=True)
class Journal:
    """A snapshot to be posted and a line about where it comes from (Russian)."""

    snapshot: Snapshot
    origin: str


@dataclass(frozen=True, slots=True)
class Order:
    """A document to be ordered: its kind, class and term."""

    kind: str
    class_id: str
    term: str | None


def journals() -> Iterator[Journal]:
    """Yield the demo's journals, one a school."""
    yield _scole()
    yield _sample()


def orders(snapshot: Snapshot) -> Iterator[Order]:
    """Yield three documents of each class with pupils: register, year's summary, term's results."""
    for journal in filter(lambda one: one.students, snapshot.classes):
        yield Order("class-register", journal.id, None)
        yield Order("final-summary", journal.id, None)
        yield Order("class-results", journal.id, _last_marked(snapshot, journal).id)


def _scole() -> Journal:
    scole = formats()["scole"]
    imported = scole.read(SCOLE, scole.facts())
    files = imported.report.files
    placed, lines = sum(f.placed for f in files), sum(f.lines for f in files)
    return Journal(
        imported.snapshot,
        f"{scole.title}: строк {lines}, размещено {placed}, "
        f"не вошло с объяснением {lines - placed}",
    )


def _sample() -> Journal:
    snapshot = school(classes=1, seed=1)
    (journal,) = snapshot.classes
    lessons = sum(len(group.lessons) for group in journal.groups)
    return Journal(
        snapshot,
        f"Вымышленная школа, {class_title(journal)}: учеников {len(journal.students)}, "
        f"предметов и групп {len(journal.groups)}, уроков {lessons}",
    )


def _last_marked(snapshot: Snapshot, journal: SchoolClass) -> Term:
    """Return the last term of the class somebody was marked for, or its last."""
    terms = [term for term in snapshot.terms if journal.grade in term.grades]
    marked = {mark.term for group in journal.groups for mark in group.term_marks}
    return ([term for term in terms if term.id in marked] or terms)[-1]
