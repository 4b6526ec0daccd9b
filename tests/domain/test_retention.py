"""Whole calendar years of retention against the golden dates."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.domain import retention
from service.domain.retention import Retention

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))["retention"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda row: f"{row['closed_year']}+{row['years']}")
def test_golden_dates(golden):
    closed, years = golden["closed_year"], Retention(golden["years"])
    assert retention.keep_until(closed, years).isoformat() == golden["keep_until"]
    assert retention.destroy_from(closed, years).isoformat() == golden["destroy_from"]


def test_a_late_signature_moves_the_year():
    end = date(2027, 5, 26)
    assert retention.closed_year(end, None) == 2027
    assert retention.closed_year(end, date(2027, 6, 30)) == 2027
    assert retention.closed_year(end, date(2028, 1, 9)) == 2028
    assert retention.closed_year(end, date(2026, 12, 31)) == 2027


def test_the_lock_ends_with_the_day_of_the_school():
    until = retention.locked_until(date(2032, 12, 31), "Asia/Yekaterinburg")
    assert until.isoformat() == "2032-12-31T23:59:59+05:00"
    assert until.astimezone(UTC) == datetime(2032, 12, 31, 18, 59, 59, tzinfo=UTC)
