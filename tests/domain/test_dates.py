"""Dates as they are printed."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from service.domain.wording import dates


def test_forms_of_a_day():
    day = date(2026, 9, 2)
    assert dates.day(day) == "02.09.2026"
    assert dates.day_month(day) == "02.09"
    assert dates.month_name(day) == "сентябрь"
    assert dates.long(date(2027, 6, 30)) == "«30» июня 2027 г."
    assert dates.long(date(2027, 7, 1)) == "«01» июля 2027 г."
    assert dates.span(day, date(2026, 10, 25)) == "02.09.2026 — 25.10.2026"


@pytest.mark.parametrize(
    ("offset", "shown"),
    [
        (timedelta(hours=5), "(UTC+5)"),
        (timedelta(hours=5, minutes=30), "(UTC+5:30)"),
        (timedelta(hours=-3, minutes=-30), "(UTC−3:30)"),
        (timedelta(), "(UTC)"),
    ],
)
def test_a_moment_says_its_zone(offset, shown):
    at = datetime(2027, 6, 15, 10, 32, 59, tzinfo=timezone(offset))
    assert dates.moment(at) == f"15.06.2027 10:32 {shown}"


def test_a_moment_by_local_clocks():
    at = datetime(2027, 6, 14, 21, 5, tzinfo=UTC)
    assert dates.moment(dates.local(at, "Asia/Yekaterinburg")) == "15.06.2027 02:05 (UTC+5)"


def test_a_moment_needs_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        dates.moment(datetime(2027, 6, 15))  # noqa: DTZ001
