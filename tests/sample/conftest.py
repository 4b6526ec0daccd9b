"""One sample school for all tests of it."""

import pytest

from service.domain.snapshot import Snapshot
from service.sample import school


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    return school(12, seed=1)
