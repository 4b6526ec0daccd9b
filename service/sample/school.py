"""The sample school: classes spread over the grades, their staff, one closed year."""

from __future__ import annotations

from itertools import islice, product

from service.domain.snapshot import Person, School, Snapshot, Source, Subject
from service.domain.wording.names import class_key
from service.sample import curriculum, year
from service.sample.classes import school_class
from service.sample.roster import LETTERS, ClassKey
from service.sample.staff import Team

# The first class holds most edge cases, the first eleven hold every grade.
_GRADES = (8, 11, 1, 5, 9, 2, 6, 4, 10, 7, 3)
MOST_CLASSES = 40


def school(classes: int, seed: int) -> Snapshot:
    """Return a school of 1 to 40 classes with the whole year 2026/2027.

    The same arguments give the same snapshot in any process; everybody in it is invented.
    """
    if not 1 <= classes <= MOST_CLASSES:
        raise ValueError(f"a sample school has 1 to {MOST_CLASSES} classes, not {classes}")
    keys = [ClassKey(grade, letter) for letter, grade in islice(product(LETTERS, _GRADES), classes)]
    team = Team(seed)
    journals = [school_class(key, seed, team) for key in keys]
    taught = {group.subject for journal in journals for group in journal.groups}
    return Snapshot(
        schema_="ejournal-snapshot/1",
        source=Source(
            system="Образец",
            version="1",
            title="учебный электронный журнал «Образец»",
            exported_at=year.EXPORTED_AT,
        ),
        school=School(
            id="obrazets",
            full_name="Муниципальное автономное общеобразовательное учреждение "
            "«Средняя общеобразовательная школа № 1» города Образцова",
            short_name="МАОУ «СОШ № 1»",
            founder="Управление образования города Образцова",
            timezone=year.ZONE_NAME,
            director=Person(name="Светлова Анна Юрьевна"),
            deputies=(Person(name="Громова Ольга Ивановна"), Person(name="Юдин Пётр Ильич")),
            secretary=Person(name="Тихонова Вера Павловна"),
        ),
        year=year.year(),
        terms=year.terms(),
        calendar=year.calendar(),
        subjects=tuple(
            Subject(id=subject, title=title)
            for subject, title in curriculum.TITLES.items()
            if subject in taught
        ),
        staff=tuple(team.members),
        classes=tuple(sorted(journals, key=class_key)),
        pd_scope=("NAMES", "MARKS", "ATTENDANCE", "HEALTH", "BIRTH"),
    )
