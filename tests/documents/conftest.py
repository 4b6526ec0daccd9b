"""What tests of the shared parts are made of."""

from collections.abc import Callable

import pytest
from makers import make_snapshot

from service.domain.snapshot import Snapshot


@pytest.fixture(scope="session")
def school() -> Callable[..., Snapshot]:
    """`school(marks, …)`: a small school with one class."""
    return make_snapshot
