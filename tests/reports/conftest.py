"""What tests of the kinds are made of: a small school, assignments, and golden files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from makers import make_snapshot
from school_8a import make_class_8a

from service.documents.kind import Assignment
from service.documents.options import PrintOptions
from service.domain.snapshot import Snapshot

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest tests/reports --update-golden` keep what is printed now."""
    parser.addoption("--update-golden", action="store_true", help="keep what is printed now")


@pytest.fixture(scope="session")
def school() -> Callable[..., Snapshot]:
    """`school(marks, …)`: a small school with one class."""
    return make_snapshot


@pytest.fixture(scope="session")
def class_8a() -> Snapshot:
    """The golden class of FORMS 2.9 over a whole year, with all that can happen to a pupil."""
    return make_class_8a()


@pytest.fixture(scope="session")
def assign() -> Callable[..., Assignment]:
    """`assign(snapshot, "q1", …)`: an assignment; further names are print options."""

    def assignment(snapshot: Snapshot, term: str | None = None, **options: Any) -> Assignment:
        return Assignment(
            snapshot=snapshot,
            term=next((one for one in snapshot.terms if one.id == term), None),
            options=PrintOptions(**options),
            issued_at=datetime(2027, 6, 15, 6, 0, tzinfo=UTC),
        )

    return assignment


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Callable[[str, str], str]:
    """`golden(name, text)`: the text kept under the name; --update-golden keeps this one."""

    def kept(name: str, text: str) -> str:
        file = HERE / f"{name}.txt"
        if pytestconfig.getoption("update_golden", default=False):
            file.write_text(text, "utf-8")
        return file.read_text("utf-8")

    return kept
