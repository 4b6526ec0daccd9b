"""When a school's documents fall due: named dates of the school year, a day a month, or cron."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim

from service.domain.calendars.school_year import (
    SchoolTerm,
    SchoolYear,
    is_label,
    label_of,
    marked_terms,
)

YEAR_END, TERM_END, MONTHLY = "year-end", "term-end", "monthly"
NAMED = (YEAR_END, TERM_END, MONTHLY)
FAR = 30  # years a cron expression is followed before it counts as one that never comes


class MonthDay(NamedTuple):
    """A day of every year."""

    month: int
    day: int


BY_THE_RULES = MonthDay(6, 15), MonthDay(6, 20), MonthDay(6, 30)  # snapshot, documents, signed


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The last day for each step of a run, by the school's clocks."""

    snapshot: date
    documents: date
    signed: date


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The end of the year: the run opens some days before the snapshot is due."""

    opens_days: int = 5
    snapshot: MonthDay = BY_THE_RULES[0]
    documents: MonthDay = BY_THE_RULES[1]
    signed: MonthDay = BY_THE_RULES[2]
    kinds: tuple[str, ...] = ()  # none: every kind of the whole year


@dataclass(frozen=True, slots=True)
class After:
    """How long after a run began its documents must be there and signed, and which kinds it makes.

    No kinds: at the end of a term every kind of a term; elsewhere they must be named.
    """

    documents_days: int = 3
    signed_days: int = 10
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermEnd:
    """The end of a term: a day of the vacation after it, 1 for the day after its last."""

    vacation_day: int = 2
    moved: Mapping[str, date] = field(default_factory=dict)  # by term id: another day
    after: After = After()


@dataclass(frozen=True, slots=True)
class Monthly:
    """A day of every month; the last one where a month is shorter."""

    day: int
    after: After


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of five fields, by the school's clocks."""

    name: str
    expression: str
    after: After


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a school has chosen; an entry that is None is off."""

    timezone: str
    assumed: bool = False  # the time zone: nobody has told it yet
    at: time = time(6)
    year_end: YearEnd | None = YearEnd()
    term_end: TermEnd | None = TermEnd()
    monthly: Monthly | None = None
    crons: tuple[Cron, ...] = ()
    remind_days: tuple[int, ...] = (7, 3, 1, 0)  # before a deadline
    without: frozenset[str] = frozenset()  # classes no run waits for

    @property
    def entries(self) -> tuple[str, ...]:
        """The names of the entries that are on."""
        named = zip(NAMED, (self.year_end, self.term_end, self.monthly), strict=True)
        return (*(name for name, chosen in named if chosen), *(one.name for one in self.crons))

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something a calendar is due to begin at a moment; the same `subject` is begun once."""

    entry: str
    at: datetime  # UTC
    subject: str  # «2026/2027», «2026/2027 q1», «2027-06-01T01:00Z»
    year: str
    term: str  # empty unless it is the end of one
    deadlines: Deadlines
    kinds: tuple[str, ...]


def following(
    calendar: Calendar, years: Iterable[SchoolYear], entry: str, after: datetime
) -> Occasion | None:
    """Return the first occasion of an entry that comes later than a moment, if one is known."""
    return next(_occasions(calendar, years, entry, after), None)


def due(
    calendar: Calendar, years: Iterable[SchoolYear], entry: str, since: datetime, now: datetime
) -> tuple[Occasion, ...]:
    """Return what fell due from `since` (included) to `now`.

    However many were missed, one is made up for: the last. The ends of two terms are different
    work, and each is.
    """
    before = since - timedelta(microseconds=1)
    missed = tuple(takewhile(lambda one: one.at <= now, _occasions(calendar, years, entry, before)))
    return missed if entry == TERM_END else missed[-1:]


def begun_by_hand(
    calendar: Calendar,
    years: Iterable[SchoolYear],
    entry: str,
    year: str,
    term: str,
    now: datetime,
) -> Occasion | None:
    """Return what somebody begins now, of a year and term if named; None: there is no such entry.

    The end of a year or term is the same occasion whoever begins it, and may be off.
    """
    if entry == YEAR_END:
        wanted = year or label_of(now.astimezone(calendar.zone).date())
        if not is_label(wanted):
            return None
        start = datetime(int(wanted[:4]), 8, 1, tzinfo=UTC)
        found = _year_ends(calendar, calendar.year_end or YearEnd(), start)
        return next(one for one in found if one.year == wanted)
    if entry == TERM_END:
        ends = _term_ends(calendar, calendar.term_end or TermEnd(), years)
        chosen = [one for one in ends if one.term == term and one.year == (year or one.year)]
        return chosen[-1] if chosen else None
    minute = now.replace(second=0, microsecond=0)
    after = next((one.after for one in calendar.crons if one.name == entry), None)
    if entry == MONTHLY and calendar.monthly:
        after = calendar.monthly.after
    if after is None:
        return None
    return _after(calendar, entry, now.astimezone(calendar.zone).date(), after, at=minute)


def _occasions(
    calendar: Calendar, years: Iterable[SchoolYear], entry: str, after: datetime
) -> Iterator[Occasion]:
    """Yield an entry's occasions later than a moment, in order."""
    if entry == YEAR_END:
        found = _year_ends(calendar, calendar.year_end, after)
    elif entry == TERM_END:
        found = _term_ends(calendar, calendar.term_end, years)
    elif entry == MONTHLY:
        found = _months(calendar, calendar.monthly, after)
    else:
        found = _ticks(calendar, entry, after)
    return (one for one in found if one.at > after)


def _year_ends(calendar: Calendar, chosen: YearEnd | None, after: datetime) -> Iterator[Occasion]:
    first = after.astimezone(calendar.zone).year - 1
    for year in range(first, first + FAR) if chosen else ():
        assert chosen is not None
        snapshot = date(year, *chosen.snapshot)
        label = f"{year - 1}/{year}"
        yield Occasion(
            entry=YEAR_END,
            at=_moment(calendar, snapshot - timedelta(days=chosen.opens_days)),
            subject=label,
            year=label,
            term="",
            deadlines=Deadlines(
                snapshot, date(year, *chosen.documents), date(year, *chosen.signed)
            ),
            kinds=chosen.kinds,
        )


def _term_ends(
    calendar: Calendar, chosen: TermEnd | None, years: Iterable[SchoolYear]
) -> Iterator[Occasion]:
    found = [
        _after(calendar, TERM_END, _term_day(chosen, term), chosen.after, (year.label, term.id))
        for year in years
        for term in marked_terms(year)
        if chosen
    ]
    yield from sorted(found, key=lambda one: (one.at, one.subject))


def _term_day(chosen: TermEnd, term: SchoolTerm) -> date:
    return chosen.moved.get(term.id) or term.end + timedelta(days=chosen.vacation_day)


def _months(calendar: Calendar, chosen: Monthly | None, after: datetime) -> Iterator[Occasion]:
    local = after.astimezone(calendar.zone)
    for number in range(FAR * 12) if chosen else ():
        assert chosen is not None
        year, month = divmod(local.year * 12 + local.month - 1 + number, 12)
        first = date(year, month + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        day = first.replace(day=min(chosen.day, last.day))
        yield _after(calendar, MONTHLY, day, chosen.after)


def _ticks(calendar: Calendar, entry: str, after: datetime) -> Iterator[Occasion]:
    chosen = next((one for one in calendar.crons if one.name == entry), None)
    if chosen is None:
        return
    local = after.astimezone(calendar.zone)
    for tick in CronSim(chosen.expression, local):
        if tick.year > local.year + FAR:
            return
        yield _after(calendar, entry, tick.date(), chosen.after, at=tick.astimezone(UTC))


def _after(
    calendar: Calendar,
    entry: str,
    day: date,
    after: After,
    term: tuple[str, str] = ("", ""),
    at: datetime | None = None,
) -> Occasion:
    """Return an occasion whose deadlines follow the day it comes on."""
    moment = at or _moment(calendar, day)
    year, term_id = term
    return Occasion(
        entry=entry,
        at=moment,
        subject=f"{year} {term_id}" if term_id else f"{moment:%Y-%m-%dT%H:%MZ}",
        year=year or label_of(day),
        term=term_id,
        deadlines=Deadlines(
            day,
            day + timedelta(days=after.documents_days),
            day + timedelta(days=after.signed_days),
        ),
        kinds=after.kinds,
    )


def _moment(calendar: Calendar, day: date) -> datetime:
    """Return the school's hour of a day; a hour the clocks leave out is the one after it."""
    return datetime.combine(day, calendar.at, calendar.zone).astimezone(UTC)
