"""The calendar: named dates by the school's clocks, cron, what was missed, when to remind."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.documents.school_calendar import CalendarSettings
from service.domain.calendars.calendar import (
    MONTHLY,
    TERM_END,
    YEAR_END,
    After,
    Calendar,
    Cron,
    Deadlines,
    Monthly,
    TermEnd,
    begun_by_hand,
    due,
    following,
)
from service.domain.calendars.cron import cron_fault
from service.domain.calendars.reminders import stage
from service.domain.calendars.school_year import SchoolTerm, SchoolYear, label_of, last_over
from service.domain.codes import TermKind

RUSSIA = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
GRADES = tuple(range(1, 10))
YEAR = SchoolYear(
    "2026/2027",
    "Asia/Yekaterinburg",
    (
        SchoolTerm("q1", TermKind.QUARTER, 1, "I", date(2026, 9, 1), date(2026, 10, 25), GRADES),
        SchoolTerm("q2", TermKind.QUARTER, 2, "II", date(2026, 11, 5), date(2026, 12, 29), GRADES),
        SchoolTerm("h1", TermKind.HALF, 1, "I", date(2026, 9, 1), date(2026, 12, 29), (10, 11)),
    ),
)
CALENDAR = Calendar(
    "Asia/Yekaterinburg",
    monthly=Monthly(31, After()),
    crons=(Cron("weekly", "30 7 * * MON", After()),),
)
moments = st.integers(0, 25 * 365 * 24 * 60).map(
    lambda minutes: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from((*RUSSIA, "Europe/Berlin", "America/St_Johns"))
entries = st.sampled_from((YEAR_END, MONTHLY, "weekly"))


def local(year: int, month: int, day: int, hour: int = 6) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Asia/Yekaterinburg"))


def test_the_year_ends_by_the_rules() -> None:
    found = following(CALENDAR, (), YEAR_END, local(2026, 11, 22))
    assert found is not None
    assert (found.at, found.subject) == (local(2027, 6, 10), "2026/2027")
    assert found.deadlines == Deadlines(date(2027, 6, 15), date(2027, 6, 20), date(2027, 6, 30))
    later = following(CALENDAR, (), YEAR_END, found.at)
    assert later is not None
    assert later.subject == "2027/2028"


def test_a_term_ends_on_the_second_day_of_its_vacation() -> None:
    first = following(CALENDAR, (YEAR,), TERM_END, local(2026, 9, 1))
    assert first is not None
    assert (first.at, first.term) == (local(2026, 10, 27), "q1")
    missed = due(CALENDAR, (YEAR,), TERM_END, first.at, local(2027, 1, 20))
    assert [(one.term, one.at) for one in missed] == [
        ("q1", local(2026, 10, 27)),
        ("h1", local(2026, 12, 31)),
        ("q2", local(2026, 12, 31)),
    ]
    assert following(CALENDAR, (YEAR,), TERM_END, missed[-1].at) is None
    moved = Calendar(CALENDAR.timezone, term_end=TermEnd(moved={"q1": date(2026, 11, 2)}))
    put_off = following(moved, (YEAR,), TERM_END, local(2026, 9, 1))
    assert put_off is not None
    assert put_off.at == local(2026, 11, 2)


@given(moments, st.integers(0, 800), zones, entries)
def test_missed_times_are_made_up_for_once(
    since: datetime, days: int, zone: str, entry: str
) -> None:
    calendar = Calendar(zone, monthly=CALENDAR.monthly, crons=CALENDAR.crons)
    now = since + timedelta(days=days)
    missed = due(calendar, (), entry, since, now)
    assert len(missed) <= 1
    coming = following(calendar, (), entry, now)
    assert coming is not None
    assert coming.at > now
    assert all(since <= one.at <= now for one in missed)
    assert all(following(calendar, (), entry, one.at) == coming for one in missed)
    clock = coming.at.astimezone(calendar.zone).time()
    usual = time(7, 30) if entry == "weekly" else time(6)
    assert clock == usual or zone not in RUSSIA


@given(moments, zones, entries)
def test_times_come_in_order_and_each_is_another_subject(
    start: datetime, zone: str, entry: str
) -> None:
    calendar = Calendar(zone, monthly=CALENDAR.monthly, crons=CALENDAR.crons)
    found = []
    at = start
    for _ in range(4):
        one = following(calendar, (), entry, at)
        assert one is not None
        found.append(one)
        at = one.at
    assert all(one.at < other.at for one, other in pairwise(found))
    assert len({one.subject for one in found}) == len(found)
    for one in found:
        assert one.deadlines.snapshot <= one.deadlines.documents <= one.deadlines.signed
        assert one.year == label_of(one.deadlines.snapshot)


def test_a_month_that_is_shorter_and_an_hour_that_is_left_out() -> None:
    february = following(CALENDAR, (), MONTHLY, local(2027, 2, 1))
    assert february is not None
    assert february.at == local(2027, 2, 28)
    berlin = Calendar("Europe/Berlin", at=time(2, 30), monthly=Monthly(31, After()))
    skipped = following(berlin, (), MONTHLY, datetime(2024, 3, 1, tzinfo=UTC))
    assert skipped is not None
    assert skipped.at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)


def test_begun_by_hand_is_the_same_occasion() -> None:
    off = Calendar(CALENDAR.timezone, year_end=None, term_end=None)
    now = local(2027, 3, 3)
    year = begun_by_hand(off, (YEAR,), YEAR_END, "", "", now)
    assert year == following(CALENDAR, (), YEAR_END, now)
    assert (
        begun_by_hand(off, (YEAR,), TERM_END, "", "q2", now)
        == due(CALENDAR, (YEAR,), TERM_END, local(2026, 12, 31), now)[-1]
    )
    assert begun_by_hand(off, (YEAR,), TERM_END, "", "q9", now) is None
    assert begun_by_hand(off, (YEAR,), "weekly", "", "", now) is None


@given(st.dates(), st.dates(), st.sets(st.integers(0, 60)))
def test_reminders_only_come_nearer(deadline: date, today: date, days: set[int]) -> None:
    now = stage(deadline, today, days)
    left = (deadline - today).days
    assert (now == -1) == (left < 0)
    if now is not None and left >= 0:
        assert now in days
        assert left <= now
        assert not any(left <= other < now for other in days)


def test_the_last_term_that_is_over() -> None:
    day = date(2026, 12, 30)
    over = last_over(YEAR.terms, 8, TermKind.QUARTER, day)
    assert over is not None
    assert over.id == "q2"
    assert last_over(YEAR.terms, 1, TermKind.QUARTER, day) is None
    assert last_over(YEAR.terms, 11, TermKind.QUARTER, day) is None


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"year_end": {"signed_due": "06-10"}}, "по порядку"),
        ({"year_end": {"snapshot_due": "6-15"}}, "пример: 06-15"),
        ({"year_end": {"snapshot_due": "02-30"}}, "пример: 06-15"),
        ({"monthly": {"enabled": True}}, "месячных отчётов"),
        ({"also": [{"name": "x", "cron": "0 6 31 2 *", "kinds": ["k"]}]}, "cron"),
        ({"also": [{"name": "x", "cron": "0 6 32 * *", "kinds": ["k"]}]}, "день месяца — не то"),
        ({"also": [{"name": "x", "cron": "0,59 6 * * *", "kinds": ["k"]}]}, "раза в час"),
        ({"also": [{"name": "x", "cron": "0 0 6 * * *", "kinds": ["k"]}]}, "пять полей"),
        ({"also": [{"name": "year-end", "cron": "0 6 * * *", "kinds": ["k"]}]}, "имена"),
        ({"at": "06:00+05:00"}, "без пояса"),
    ],
)
def test_what_cannot_be_chosen(wrong: dict[str, object], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        CalendarSettings.model_validate(wrong)


def test_what_is_chosen_unless_somebody_chooses() -> None:
    calendar = CalendarSettings().calendar("Asia/Omsk")
    assert calendar == Calendar("Asia/Omsk", remind_days=(0, 1, 3, 7))
    assert calendar.entries == (YEAR_END, TERM_END)
    assert cron_fault("0 6 1 * *") is None
