"""The part of a snapshot one document is made of, and the one way to write it down as bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from service.domain.errors import Missing
from service.domain.journal import SchoolClass
from service.domain.snapshot import Logins, Snapshot


class ClassMissing(Missing):
    """The snapshot has no such class."""

    code = "class-missing"
    title = "Класс не найден"


@dataclass(frozen=True, slots=True)
class Extract:
    """What documents of one class are made of, and its canonical bytes: written down once."""

    snapshot: Snapshot
    body: bytes

    @classmethod
    def of(cls, snapshot: Snapshot) -> Extract:
        """Write an extract down."""
        return cls(snapshot, canonical(snapshot))

    @classmethod
    def read(cls, body: bytes) -> Extract:
        """Read what was written down."""
        return cls(Snapshot.model_validate_json(body, by_name=False, by_alias=True), body)


def extract(snapshot: Snapshot, class_id: str) -> Snapshot:
    """Return the snapshot with one class only, and the staff, subjects and logins that concern it.

    Terms, calendar, school and source stay as they are. Raises ClassMissing.
    """
    journal = next((one for one in snapshot.classes if one.id == class_id), None)
    if journal is None:
        raise ClassMissing(f"В снимке нет класса «{class_id}»: выберите класс из этого снимка.")
    staff = _staff_of(journal)
    subjects = _subjects_of(journal)
    students = {student.id for student in journal.students}
    return snapshot.model_copy(
        update={
            "subjects": tuple(one for one in snapshot.subjects if one.id in subjects),
            "staff": tuple(one for one in snapshot.staff if one.id in staff),
            "classes": (journal,),
            "logins": Logins(
                parents=tuple(one for one in snapshot.logins.parents if one in students),
                students=tuple(one for one in snapshot.logins.students if one in students),
                teachers=tuple(one for one in snapshot.logins.teachers if one in staff),
            ),
        }
    )


def canonical(snapshot: Snapshot) -> bytes:
    """Return the one JSON text of a snapshot: UTF-8, keys sorted, no spaces, defaults spelled out.

    Equal snapshots whose numbers and times are written alike give equal bytes, in any process.
    """
    document = snapshot.model_dump(mode="json", by_alias=True)
    return json.dumps(
        document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def snapshot_id(sha256: str) -> str:
    """Return the id of a snapshot by the hash of what was received: the same bytes, the same id."""
    return sha256[:32]


def _staff_of(journal: SchoolClass) -> frozenset[str]:
    teachers = (teaching.id for group in journal.groups for teaching in group.teachers)
    substitutes = (
        lesson.substitute.teacher
        for group in journal.groups
        for lesson in group.lessons
        if lesson.substitute is not None
    )
    tutor = () if journal.tutor is None else (journal.tutor,)
    return frozenset((*tutor, *teachers, *substitutes))


def _subjects_of(journal: SchoolClass) -> frozenset[str]:
    groups = (group.subject for group in journal.groups)
    exemptions = (
        exemption.subject for student in journal.students for exemption in student.exemptions
    )
    return frozenset((*groups, *exemptions))
