"""The class sheet: figures of the class above, pupils by subjects, figures of subjects below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from service.documents.options import PrintOptions, SouMode
from service.documents.parts import Align, Block, Cell, Column, ColumnGroup, Style, Table
from service.domain.reckoning.cells import MARKS
from service.domain.reckoning.grades import Tally, decimal, percent
from service.domain.reckoning.results import PupilResult, Standing
from service.reports.class_results.standing import ClassAtEnd

NUMBER, FIGURE = 8, 11  # millimetres
ACROSS = 267  # a landscape page between its margins
NARROWEST, WIDEST, NAME = 7.0, 12.0, 44

_SOU = {
    SouMode.STUDENTS: "по группам обучающихся",
    SouMode.SUBJECTS_MEAN: "среднее по предметам",
}


def figures(at_end: ClassAtEnd, options: PrintOptions) -> Iterator[tuple[str, str]]:
    """Yield the lines above the table; СОУ says which of its two conventions it follows."""
    results, digits = at_end.results, options.percent_digits
    by_pupils = options.sou_mode is SouMode.STUDENTS
    sou = results.sou if by_pupils else results.sou_by_subjects
    yield "Общий средний балл класса", decimal(results.mean)
    yield "Общий % кач. зн. по предметам", percent(results.quality_by_subjects, digits)
    yield (
        f"Общий % СОУ (степень обученности учащихся), {_SOU[options.sou_mode]}",
        percent(sou, digits),
    )
    yield "Общий % успеваемости", percent(results.success, digits)
    yield "Общий % кач. зн. класса", percent(results.quality, digits)
    yield "На конец периода", str(len(results.pupils))
    yield "Нет отметок", str(results.number(Standing.UNMARKED))


def table(at_end: ClassAtEnd, options: PrintOptions) -> Table:
    """Return pupils by subjects; absences and places in the class where the school wants them."""
    results = at_end.results
    places = _places(results.pupils) if options.ratings else {}
    return Table(
        columns=tuple(_columns(at_end, options)),
        body=(
            *(
                Block((tuple(_row(at_end, options, places, number, pupil)),))
                for number, pupil in enumerate(results.pupils, start=1)
            ),
            *_totals(at_end, options),
        ),
        dense=True,
    )


def _columns(at_end: ClassAtEnd, options: PrintOptions) -> Iterator[Column | ColumnGroup]:
    subjects = at_end.results.subjects
    extra = 2 * options.absences_in_results + options.ratings
    room = ACROSS - NUMBER - NAME - FIGURE * (1 + extra)
    width = min(WIDEST, max(NARROWEST, room / max(1, len(subjects))))
    yield Column("№ п/п", NUMBER)
    yield Column("Фамилия, имя обучающегося", 0, Align.LEFT)
    for subject in subjects:
        yield Column(subject.title, width, turned=True)
    yield Column("Ср. балл", FIGURE)
    if options.absences_in_results:
        yield ColumnGroup(
            "Пропущено уроков", (Column("всего", FIGURE), Column("по болезни", FIGURE))
        )
    if options.ratings:
        yield Column("Рейтинг", FIGURE)


def _row(
    at_end: ClassAtEnd,
    options: PrintOptions,
    places: dict[str, int],
    number: int,
    pupil: PupilResult,
) -> Iterator[Cell]:
    id_ = pupil.student.id
    yield Cell(str(number))
    yield Cell(at_end.printed[id_])
    for subject in at_end.results.subjects:
        value = pupil.values.get(subject.id)
        yield Cell(MARKS[value] if value else "")
    yield Cell(decimal(pupil.mean))
    if options.absences_in_results:
        yield Cell(str(at_end.absences[id_].missed))
        yield Cell(str(at_end.absences[id_].ill))
    if options.ratings:
        yield Cell(str(places.get(id_, "")))


def _places(pupils: tuple[PupilResult, ...]) -> dict[str, int]:
    """Return places by mean; equal means share a place, who has no mean has none."""
    means = {pupil.student.id: pupil.mean for pupil in pupils if pupil.mean is not None}
    return {id_: 1 + sum(other > own for other in means.values()) for id_, own in means.items()}


def _totals(at_end: ClassAtEnd, options: PrintOptions) -> Iterator[Block]:
    rows: tuple[tuple[str, Callable[[Tally], Fraction | None]], ...] = (
        ("Средний балл по предмету", lambda tally: tally.mean),
        ("% успеваемости по предмету", lambda tally: tally.success),
        ("% кач. зн. по предмету", lambda tally: tally.quality),
        ("СОУ (%) по предмету", lambda tally: tally.sou),
    )
    counted = [at_end.results.of_subject(subject) for subject in at_end.results.subjects]
    beyond = 1 + 2 * options.absences_in_results + options.ratings
    for place, (title, figure) in enumerate(rows):
        digits = options.percent_digits if place else 2
        yield Block(
            (
                (
                    Cell(title, Align.LEFT, Style.BOLD, across=2),
                    None,
                    *(Cell(decimal(figure(tally), digits)) for tally in counted),
                    *(Cell() for _ in range(beyond)),
                ),
            )
        )
