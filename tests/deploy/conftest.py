"""The town, whoever signs in a region that was brought up, and the log as it was before."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from town import authority, town

__all__ = ["authority", "town"]


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
