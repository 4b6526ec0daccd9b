"""A disk that takes nothing more costs no process its life, and no figure."""

from __future__ import annotations

import json
import logging
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict

from service.observing.counts import KeptCounts
from service.observing.prometheus import HostCollector


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """Have the system refuse to write further than that (EFBIG), as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def key(label: str) -> str:
    return json.dumps(["requests", "requests_total", {"route": label}, "Requests."])


def of(folder: Path) -> dict[str, float]:
    (metric,) = HostCollector(folder).collect() or (None,)
    return {one.labels["route"]: one.value for one in metric.samples} if metric else {}


def test_what_a_full_disk_refuses_is_written_when_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "web" / "counter_1.db"
    counts = KeptCounts(str(file))
    with no_file_grows_beyond(0):
        counts.write_value(key("first"), 1, 0)
        assert tuple(HostCollector(tmp_path).collect()) == (), "a file without a head is none yet"
    counts.write_value(key("first"), 2, 0)
    caplog.clear()
    room = file.stat().st_size + 20
    with no_file_grows_beyond(room), caplog.at_level(logging.WARNING):
        for value in (1, 2, 3):
            counts.write_value(key("second"), value, 0)
            counts.write_value(key("first"), 2 + value, 0)
        assert of(tmp_path) == {"first": 5}, "what has its place is counted on"
    assert len(caplog.records) == 1, "it is said once, not at every request"
    counts.write_value(key("second"), 4, 0)
    assert of(tmp_path) == {"first": 5, "second": 4}
    counts.close()


def test_a_process_with_a_dead_ones_number_counts_on(tmp_path: Path) -> None:
    file = tmp_path / "web" / "counter_1.db"
    file.parent.mkdir()
    library = MmapedDict(str(file))
    library.write_value(key("a"), 5, 0)
    library.close()
    counts = KeptCounts(str(file))
    assert counts.read_value(key("a")) == (5, 0)
    counts.write_value(key("a"), 6, 0)
    counts.write_value(key("ключ"), 1, 0)
    counts.close()
    assert of(tmp_path) == {"a": 6, "ключ": 1}
