"""«Шкала» (Scole): the seven files of its NeDB database as a native snapshot."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from service.domain.snapshot import (
    Calendar,
    Glyphs,
    Person,
    School,
    Snapshot,
    Source,
    Staff,
    Year,
)
from service.imports import Facts, ForeignFormat, Imported
from service.imports.scole import codes, source
from service.imports.scole.classes import ClassReader, Subjects
from service.imports.scole.ledger import Ledger
from service.imports.scole.records import fingerprint

# The journal shows one letter for every absence; certificates only say which are excused.
GLYPHS = Glyphs(ABSENT="н", ABSENT_ILL="н", ABSENT_VALID="н", ABSENT_INVALID="н", LATE="оп")


def read(folder: Path, facts: Facts) -> Imported:
    """Return the database in a folder as a snapshot, and what became of each of its lines.

    Not in the source, so not in the snapshot: arrivals and departures, orders, birth dates, sex,
    decisions, plans. Everybody is on the roll all year. Terms are the journal's own (quarters and
    half-years for every grade), lessons after the last term (summer exams) belong to it.
    Raises ImportRefused.
    """
    ledger = Ledger()
    found = source.read(folder, ledger)
    terms = codes.terms(facts.year)
    subjects = Subjects(dict(found.subjects))
    reader = ClassReader(found, facts.year, terms, ledger, subjects)
    classes = tuple(
        reader.read(journal)
        for _, journal in sorted(found.journals.items(), key=lambda item: _order(item[0]))
    )
    snapshot = Snapshot(
        schema_="ejournal-snapshot/1",
        source=Source(
            system="Шкала",
            title="электронный журнал «Шкала»",
            exported_at=facts.exported_at,
            sha256=fingerprint(folder),
            glyphs=GLYPHS,
        ),
        school=facts.school,
        year=facts.year,
        terms=terms,
        calendar=Calendar(working_weekdays=(1, 2, 3, 4, 5, 6)),
        subjects=subjects.listed(),
        staff=tuple(
            Staff(
                id=one.id,
                last=one.value.last,
                first=one.value.first,
                middle=one.value.middle,
                post="учитель",
            )
            for one in found.staff.values()
        ),
        classes=classes,
        pd_scope=("NAMES", "MARKS", "ATTENDANCE", "HEALTH"),
    )
    for one in found.staff.values():
        ledger.place(one.line)
    _leave_out_the_rest(found, ledger)
    return Imported(snapshot, ledger.report("scole"))


def demo_facts() -> Facts:
    """Return facts for the public demonstration database, whose certificates are of 2018/2019."""
    return Facts(
        school=School(
            id="scole-demo",
            full_name="Муниципальное бюджетное общеобразовательное учреждение «Школа № 1»",
            short_name="МБОУ «Школа № 1»",
            founder="Управление образования города Примерска",
            timezone="Asia/Yekaterinburg",
            director=Person(name="Светлова Анна Юрьевна"),
            deputies=(Person(name="Громова Ольга Ивановна"),),
            secretary=Person(name="Тихонова Вера Павловна"),
        ),
        year=Year(
            label="2018/2019",
            start=date(2018, 9, 1),
            end=date(2019, 6, 25),  # the last day of «Год» in the journal's table of terms
            closed=True,
            closed_at=datetime(2019, 6, 25, 12, tzinfo=UTC),
        ),
        exported_at=datetime(2019, 6, 26, 5, 30, tzinfo=UTC),
    )


FORMAT = ForeignFormat(title="«Шкала» (Scole), папка db", read=read, facts=demo_facts)


def _order(name: str) -> tuple[int, str]:
    grade = name.rstrip("".join(set(name) - set("0123456789")))
    return int(grade), name[len(grade) :]


def _leave_out_the_rest(found: source.Source, ledger: Ledger) -> None:
    """Account for lines no class asked for: empty electives, certificates of no absence."""
    nobody = "Ни один обучающийся не состоит в этой группе: печатать не для кого."
    for elective in found.electives.values():
        if not ledger.is_placed(elective.line):
            ledger.leave_out(elective.line, elective.id, "nobody-in-group", nobody)
    for (_, subject, _), topics in found.topics.items():
        for topic in topics:
            if subject == codes.ELECTIVES and not ledger.is_accounted(topic.line):
                ledger.leave_out(topic.line, topic.id, "nobody-in-group", nobody)
    stranger = "Обучающийся не состоит в этом классе или группе."
    for grades in found.grades.values():
        for grade in grades:
            if not ledger.is_accounted(grade.line):
                ledger.leave_out(grade.line, grade.id, "not-in-group", stranger)
    for certificates in found.certificates.values():
        for one in certificates:
            if ledger.is_placed(one.line):
                message = "Причина перенесена в пропуски; текст справки в снимок не входит."
                ledger.note(one.line, one.id, "certificate-text-dropped", message)
            else:
                message = "В дни документа нет пропусков, или вид документа неизвестен."
                ledger.leave_out(one.line, one.id, "certificate-unused", message)
