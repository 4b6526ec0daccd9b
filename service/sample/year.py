"""The school year 2026/2027 of the sample: terms, days off, a Saturday worked for a Monday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

from service.domain.codes import TermKind
from service.domain.snapshot import Calendar, Term, Year

ZONE_NAME = "Asia/Yekaterinburg"
ZONE = timezone(timedelta(hours=5))

START, END = date(2026, 9, 1), date(2027, 5, 26)
WEEKS = 34  # of the curriculum
CLOSED_AT = datetime(2027, 6, 14, 18, 0, tzinfo=ZONE)
EXPORTED_AT = datetime(2027, 6, 15, 10, 32, tzinfo=ZONE)

QUARTERS = (
    (date(2026, 9, 1), date(2026, 10, 25)),
    (date(2026, 11, 5), date(2026, 12, 29)),
    (date(2027, 1, 11), date(2027, 3, 21)),
    (date(2027, 3, 29), END),
)
HALVES = ((date(2026, 9, 1), date(2026, 12, 29)), (date(2027, 1, 11), END))
DAYS_OFF = (
    date(2026, 11, 4),
    date(2027, 2, 22),
    date(2027, 2, 23),
    date(2027, 3, 8),
    date(2027, 5, 3),
    date(2027, 5, 10),
)
MOVED = {date(2027, 2, 20): 0}  # a Saturday with Monday's lessons (E21)
REST_OF_CLASS_1 = (date(2027, 2, 15), date(2027, 2, 21))

_ROMAN = ("I", "II", "III", "IV")
_SATURDAY = 5


def terms() -> tuple[Term, ...]:
    """Return quarters for grades 1–9 and half-years for 10 and 11."""
    quarters = (
        Term(
            id=f"q{number}",
            kind=TermKind.QUARTER,
            number=number,
            title=f"{_ROMAN[number - 1]} четверть",
            short=f"{number} ч.",
            start=start,
            end=end,
            grades=tuple(range(1, 10)),
        )
        for number, (start, end) in enumerate(QUARTERS, start=1)
    )
    halves = (
        Term(
            id=f"h{number}",
            kind=TermKind.HALF,
            number=number,
            title=f"{_ROMAN[number - 1]} полугодие",
            short=f"{number} п.",
            start=start,
            end=end,
            grades=(10, 11),
        )
        for number, (start, end) in enumerate(HALVES, start=1)
    )
    return (*quarters, *halves)


def year() -> Year:
    """Return the year, closed."""
    return Year(label="2026/2027", start=START, end=END, closed=True, closed_at=CLOSED_AT)


def calendar() -> Calendar:
    """Return the days off and the five-day week."""
    return Calendar(days_off=DAYS_OFF, working_weekdays=(1, 2, 3, 4, 5))


def of_grade(grade: int) -> tuple[Term, ...]:
    """Return the terms of a grade in order."""
    return tuple(term for term in terms() if grade in term.grades)


def school_days(grade: int) -> Iterator[tuple[date, int, str]]:
    """Yield every day of lessons with the weekday whose timetable it follows, and its term."""
    for term in of_grade(grade):
        for offset in range((term.end - term.start).days + 1):
            day = term.start + timedelta(days=offset)
            resting = grade == 1 and REST_OF_CLASS_1[0] <= day <= REST_OF_CLASS_1[1]
            if resting or day in DAYS_OFF or _between_quarters(day):
                continue
            if day in MOVED:
                yield day, MOVED[day], term.id
            elif day.weekday() < _SATURDAY:
                yield day, day.weekday(), term.id


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment in the school's time."""
    return datetime.combine(day, time(hour, minute), ZONE)


def _between_quarters(day: date) -> bool:
    """Half-years have the quarters' holidays inside them."""
    return not any(start <= day <= end for start, end in QUARTERS)
