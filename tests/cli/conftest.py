"""The town, for this suite; and the log of this process as it was before a command set it up."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from office import office
from town import quiet_town, town

__all__ = ["office", "quiet_town", "town"]


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # of servers the tests run beside it
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
