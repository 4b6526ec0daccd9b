"""The town, for this suite."""

import time

import pytest
from national import gost, national
from school_year import quiet_year
from town import quiet_town, town

__all__ = ["gost", "national", "quiet_town", "quiet_year", "town"]


@pytest.fixture
def standing_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute in which requests are counted does not turn into the next one."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest tests/web --keep-examples` keep today's answers as those of the examples."""
    parser.addoption("--keep-examples", action="store_true", help="keep today's answers")
