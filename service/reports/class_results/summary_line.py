"""The class's line of the school's summary: sixteen numbered columns (FORMS 2.10.4 b)."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from service.documents.parts import Align, Block, Cell, Column, ColumnGroup, Table
from service.domain.reckoning.results import Cause, PupilResult, Standing
from service.reports.class_results.standing import ClassAtEnd

NARROW, WIDE = 10, 15  # millimetres
NAMED = ("одному", "двум", "более 2")
NAMES = 122  # what the other columns leave of a landscape page
LEAST = 18  # of it, for each
ONE, TWO = 1, 2  # subjects failed


def table(at_end: ClassAtEnd) -> Table:
    """Return the table with the line of this class.

    Columns 13 to 15 name the pupils and their subjects under the count. 3 = 4 + 5 + 7 + 8 and
    2 = 3 + 9 + 12 + 16, and those not subject to attestation.
    """
    line = tuple(_line(at_end))
    return Table(
        columns=(
            Column("Параллель (Класс)", WIDE),
            Column("Количество учащихся", WIDE),
            ColumnGroup(
                "Успевают",
                (
                    Column("Всего", NARROW),
                    ColumnGroup(
                        "Из них",
                        (
                            Column("на «5»", NARROW),
                            ColumnGroup(
                                "на «4», «5»",
                                (Column("всего", NARROW), Column("с одной «4»", NARROW)),
                            ),
                            Column("с одной «3»", NARROW),
                            Column("на «3», «4» и «5»", NARROW),
                        ),
                    ),
                ),
            ),
            ColumnGroup(
                "Не аттестовано",
                (
                    Column("Всего", NARROW),
                    ColumnGroup(
                        "Из них", (Column("по ув. пр.", NARROW), Column("по прог.", NARROW))
                    ),
                ),
            ),
            ColumnGroup(
                "Не успевают по предметам",
                (
                    Column("Всего", NARROW),
                    ColumnGroup(
                        "Из них",
                        tuple(
                            Column(title, width, Align.LEFT)
                            for title, width in zip(NAMED, _widths(line), strict=True)
                        ),
                    ),
                ),
            ),
            Column("Не выставлено оценок", WIDE),
        ),
        body=(Block((line,)),),
        lead=1,
        digits=True,
        dense=True,
    )


def unjudged(at_end: ClassAtEnd) -> str:
    """Return how many pupils no column of the line holds, or nothing."""
    number = at_end.results.number(Standing.NOT_SUBJECT)
    return f"Не подлежат аттестации: {number}." if number else ""


def _widths(line: tuple[Cell, ...]) -> tuple[float, ...]:
    """Return the widths of columns 13 to 15: who has more to name gets more, the last the rest."""
    weights = [sqrt(len(cell.text)) for cell in line[-4:-1]]
    spare = NAMES - LEAST * len(weights)
    one, two, _ = (LEAST + round(spare * weight / sum(weights)) for weight in weights)
    return one, two, 0


def _line(at_end: ClassAtEnd) -> Iterator[Cell]:
    results = at_end.results
    failing = results.those(Standing.FAILING)
    missed = results.those(Standing.NOT_ATTESTED)
    yield Cell(at_end.class_title)
    for number in (
        len(results.pupils),
        results.succeeding,
        results.number(Standing.EXCELLENT),
        results.number(Standing.ONE_FOUR, Standing.GOOD),
        results.number(Standing.ONE_FOUR),
        results.number(Standing.ONE_THREE),
        results.number(Standing.FAIR),
        len(missed),
        sum(pupil.cause is Cause.VALID for pupil in missed),
        sum(pupil.cause is Cause.TRUANCY for pupil in missed),
        len(failing),
    ):
        yield Cell(str(number))
    yield _named(at_end, [pupil for pupil in failing if len(pupil.failed) == ONE])
    yield _named(at_end, [pupil for pupil in failing if len(pupil.failed) == TWO])
    yield _named(at_end, [pupil for pupil in failing if len(pupil.failed) > TWO])
    yield Cell(str(results.number(Standing.UNMARKED)))


def _named(at_end: ClassAtEnd, pupils: list[PupilResult]) -> Cell:
    lines = [
        f"{at_end.printed[pupil.student.id]} ({', '.join(map(at_end.subject, pupil.failed))})"
        for pupil in pupils
    ]
    align = Align.LEFT if lines else Align.CENTER
    return Cell("\n".join((str(len(pupils)), *lines)), align)
