"""How a year ends for a pupil: exams, final marks, conduct and the council's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from service.domain.codes import DecisionCode, MarkKind, MarkValue
from service.domain.journal import ConductMark, Decision, TermMark
from service.domain.snapshot import Term
from service.sample import marks, year
from service.sample.dice import dice
from service.sample.roster import ClassKey, Pupil

MIDDLE, LAST = 9, 11  # grades that end a level
CONDUCT_GRADE = 8  # the grade that takes part in the trial of conduct marks (E22)

_GRADUATED: Mapping[int, DecisionCode] = MappingProxyType(
    {MIDDLE: DecisionCode.GRADUATED_9, LAST: DecisionCode.GRADUATED_11}
)
_OBLIGATORY = ("rus", "alg")
_BY_CHOICE = ("soc", "geo", "inf", "bio", "phys", "chem", "hist", "eng")
_CHOSEN = 2
_FAILING = frozenset({MarkValue.TWO, MarkValue.FAIL, MarkValue.NA})
_TOO_MANY = 7  # failed subjects: the year is repeated
_EXAM_STEP = (20, 55, 25)  # of 100: worse than, like, better than the year
_CONDUCT: Mapping[int, str] = MappingProxyType(
    {2: "удовлетворительное", 3: "удовлетворительное", 4: "образцовое", 5: "образцовое"}
)
_PROTOCOL_NO, _PROTOCOL_DATE = "8", date(2027, 5, 29)
_ORDER_NO, _ORDER_DATE = "57-у", date(2027, 6, 11)


def last_marks(
    pupil: Pupil, key: ClassKey, of_year: Mapping[str, MarkValue]
) -> Sequence[tuple[str, TermMark]]:
    """Return exam and final marks by subject; `of_year` are the pupil's marks for the year.

    Who failed a subject is not admitted to exams; his final marks are those of the year.
    """
    if key.grade not in _GRADUATED:
        return ()
    admitted = key.grade == MIDDLE and of_year and not _failed(of_year)
    exams = _exams(pupil, of_year) if admitted else {}
    found = [
        (subject, marks.summed(pupil, MarkKind.EXAM, MarkValue(str(value))))
        for subject, value in exams.items()
    ]
    for subject, value in of_year.items():
        final = value
        if subject in exams and value in marks.NUMERIC:
            final = MarkValue(str(marks.half_up((int(value.value), exams[subject]))))
        found.append((subject, marks.summed(pupil, MarkKind.FINAL, final)))
    return found


def decision(pupil: Pupil, key: ClassKey, of_year: Mapping[str, MarkValue]) -> Decision:
    """Return what the council decided about a pupil."""
    if not pupil.on_roll(year.END):
        return Decision(code=DecisionCode.LEFT)
    failed = len(_failed(of_year))
    if key.grade in _GRADUATED and not failed:
        return Decision(
            code=_GRADUATED[key.grade],
            protocol_no=_PROTOCOL_NO,
            protocol_date=_PROTOCOL_DATE,
            order_no=_ORDER_NO,
            order_date=_ORDER_DATE,
        )
    repeats = key.grade in _GRADUATED or failed >= _TOO_MANY
    promoted = DecisionCode.PROMOTED_CONDITIONALLY if failed else DecisionCode.PROMOTED
    return Decision(
        code=DecisionCode.REPEATS if repeats else promoted,
        to_grade=key.grade if repeats else key.grade + 1,
        protocol_no=_PROTOCOL_NO,
        protocol_date=_PROTOCOL_DATE,
    )


def conduct(pupil: Pupil, key: ClassKey, terms: Sequence[Term]) -> Sequence[ConductMark]:
    """Return the conduct marks of a class that has them."""
    if key.grade != CONDUCT_GRADE:
        return ()
    random = dice("conduct", pupil.id)
    given = {
        term.id: random.choices((2, 4, 5), (1, 4, 5))[0]
        for term in terms
        if pupil.on_roll(term.end)
    }
    found = [
        ConductMark(student=pupil.id, term=term, kind=MarkKind.TERM, v=_CONDUCT[value])
        for term, value in given.items()
    ]
    if pupil.on_roll(year.END):
        whole = marks.half_up(list(given.values()))
        found.append(ConductMark(student=pupil.id, kind=MarkKind.YEAR, v=_CONDUCT[whole]))
    return found


def _exams(pupil: Pupil, of_year: Mapping[str, MarkValue]) -> dict[str, int]:
    random = dice("exams", pupil.id)
    possible = [subject for subject in _BY_CHOICE if subject in of_year]
    taken = [*_OBLIGATORY, *random.sample(possible, _CHOSEN)]
    found = {}
    for subject in taken:
        if (value := of_year.get(subject)) in marks.NUMERIC and value is not None:
            (step,) = random.choices((-1, 0, 1), _EXAM_STEP)
            found[subject] = min(5, max(3, int(value.value) + step))
    return found


def _failed(of_year: Mapping[str, MarkValue]) -> Sequence[str]:
    return [subject for subject, value in of_year.items() if value in _FAILING]
