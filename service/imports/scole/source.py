"""A whole «Шкала» database in memory: typed, indexed, unknown references already left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from service.imports.scole import fields, records
from service.imports.scole.codes import ELECTIVES, SUBJECTS
from service.imports.scole.ledger import Ledger
from service.imports.scole.records import (
    Certificate,
    Elective,
    Grade,
    Journal,
    Load,
    Page,
    Pupil,
    Read,
    Teacher,
    Topic,
)

R = TypeVar("R")
K = TypeVar("K")

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Source:
    """What the seven files say, by what it is looked up by."""

    pupils: Mapping[str, Read[Pupil]]
    staff: Mapping[str, Read[Teacher]]
    journals: Mapping[str, Read[Journal]]
    electives: Mapping[str, Read[Elective]]
    subjects: Mapping[str, str]
    loads: tuple[Read[Load], ...]
    topics: Mapping[Page, tuple[Read[Topic], ...]]
    grades: Mapping[Page, tuple[Read[Grade], ...]]
    certificates: Mapping[str, tuple[Read[Certificate], ...]]

    def pages(self) -> frozenset[Page]:
        """Return every page of the journal: those taught, and those something was written on."""
        taught = {
            (group, subject, load.value.teacher)
            for load in self.loads
            for subject, group in load.value.pages
        }
        return frozenset(taught | self.topics.keys() | self.grades.keys())


def read(folder: Path, ledger: Ledger) -> Source:
    """Return the database; lines that refer to nobody and nothing are left out with a reason."""

    def file(name: str) -> list[Read[dict[str, Any]]]:
        found = records.documents(folder, name, ledger)
        for one in [one for one in found if not _ID.fullmatch(one.id)]:
            ledger.leave_out(one.line, "", "malformed-record", "Недопустимый _id записи.")
            found.remove(one)
        return found

    curric = file("curric")

    def of_type(kind: str) -> list[Read[dict[str, Any]]]:
        return [one for one in curric if one.value.get("type") == kind]

    for one in curric:
        if one.value.get("type") not in {"class", "intergroup", "subj"}:
            message = "Вид записи учебного плана неизвестен."
            ledger.leave_out(one.line, one.id, "unknown-type", message)

    def typed(
        found: list[Read[dict[str, Any]]], make: Callable[[Mapping[str, Any]], R]
    ) -> Iterator[Read[R]]:
        return records.typed(found, make, ledger)

    journals = _by(lambda one: one.name, typed(of_type("class"), fields.journal), ledger)
    electives = _by(lambda one: one.name, typed(of_type("intergroup"), fields.elective), ledger)
    extra = _by(lambda one: one.code, typed(of_type("subj"), fields.subject), ledger)
    staff = _by(lambda one: one.login, typed(file("staff"), fields.teacher), ledger)
    pupils = _by(lambda one: one.login, typed(file("pupils"), fields.pupil), ledger)
    for login, pupil in list(pupils.items()):
        if pupil.value.journal not in journals:
            message = "Класса этого обучающегося нет в учебном плане (curric)."
            ledger.leave_out(pupil.line, pupil.id, "unknown-class", message)
            del pupils[login]
    subjects = {**SUBJECTS, **{one.value.code: one.value.title for one in extra.values()}}
    for one_extra in extra.values():
        ledger.place(one_extra.line)
    source = Source(
        pupils=pupils,
        staff=staff,
        journals=journals,
        electives=electives,
        subjects=dict(sorted(subjects.items(), key=lambda item: int(item[0][1:]))),
        loads=tuple(
            load
            for load in typed(file("distrib"), fields.load)
            if _known(load, load.value.teacher in staff, "unknown-teacher", ledger)
        ),
        topics=_grouped(lambda one: one.page, typed(file("topics"), fields.topic)),
        grades=_grouped(lambda one: one.page, typed(file("grades"), fields.grade)),
        certificates=_grouped(
            lambda one: one.pupil,
            (
                one
                for one in typed(file("spravki"), fields.certificate)
                if _known(one, one.value.pupil in pupils, "unknown-pupil", ledger)
            ),
        ),
    )
    return _without_strange_pages(source, ledger)


def _without_strange_pages(source: Source, ledger: Ledger) -> Source:
    """Leave out what was written on pages of an unknown class, subject or teacher."""
    troubles = ((page, _trouble(source, page)) for page in source.pages())
    strange = {page: why for page, why in troubles if why is not None}
    for page, (code, message) in strange.items():
        written: list[Read[Any]] = [*source.topics.get(page, ()), *source.grades.get(page, ())]
        for one in written:
            ledger.leave_out(one.line, one.id, code, message)
    return replace(
        source,
        loads=tuple(_known_loads(source.loads, strange, ledger)),
        topics={page: them for page, them in source.topics.items() if page not in strange},
        grades={page: them for page, them in source.grades.items() if page not in strange},
    )


def _trouble(source: Source, page: Page) -> tuple[str, str] | None:
    """Return why a page can be no group, as a code and a message; None if it can."""
    group, subject, teacher = page
    if subject == ELECTIVES:
        if group not in source.electives:
            return "unknown-group", "Группы внеурочных занятий нет в учебном плане."
    elif subject not in source.subjects:
        return "unknown-subject", "Кода предмета нет ни в журнале, ни в учебном плане."
    elif group.partition("-")[0] not in source.journals:
        return "unknown-class", "Класса нет в учебном плане (curric)."
    if teacher not in source.staff:
        return "unknown-teacher", "Учителя нет в списке сотрудников."
    return None


def _known_loads(
    loads: Iterable[Read[Load]], strange: Container[Page], ledger: Ledger
) -> Iterator[Read[Load]]:
    """Yield the loads without their strange pages; one that has no other is left out."""
    for load in loads:
        teacher = load.value.teacher
        pages = tuple(
            (subject, group)
            for subject, group in load.value.pages
            if (group, subject, teacher) not in strange
        )
        if 0 < len(pages) < len(load.value.pages):
            message = "Часть нагрузки относится к неизвестному классу или предмету."
            ledger.note(load.line, load.id, "strange-load", message)
        if pages:
            ledger.place(load.line)
            yield Read(load.line, load.id, Load(teacher, pages))
        else:
            message = "Вся нагрузка учителя относится к неизвестным классам."
            ledger.leave_out(load.line, load.id, "unknown-class", message)


def _known(one: Read[Any], known: bool, code: str, ledger: Ledger) -> bool:
    if not known:
        ledger.leave_out(one.line, one.id, code, "Запись относится к тому, кого нет в списках.")
    return known


def _by(name: Callable[[R], str], found: Iterable[Read[R]], ledger: Ledger) -> dict[str, Read[R]]:
    """Return the records by their names; of two with one name the first stays."""
    index: dict[str, Read[R]] = {}
    for one in found:
        if name(one.value) in index:
            message = "Такая запись уже есть выше: оставлена первая."
            ledger.leave_out(one.line, one.id, "duplicate-record", message)
        else:
            index[name(one.value)] = one
    return index


def _grouped(key: Callable[[R], K], found: Iterable[Read[R]]) -> dict[K, tuple[Read[R], ...]]:
    index: defaultdict[K, list[Read[R]]] = defaultdict(list)
    for one in found:
        index[key(one.value)].append(one)
    return {name: tuple(them) for name, them in index.items()}
