"""The town, for this suite; and the log of this process as it was before a command set it up."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from town import town

__all__ = ["town"]


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
