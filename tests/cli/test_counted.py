"""Counters of a host: each role's only grow, and begin at nought together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict, mmap_key
from town import settings_file

from service.bootstrap.watching import FOLDER, begin
from service.observing.prometheus import HostCollector
from service.settings import Settings, load

NAME, LABELS = "vedomost_store_operations", ("store", "a")


def counted(settings: Settings, role: str, process: int, value: float) -> None:
    folder = settings.data / FOLDER / role
    folder.mkdir(parents=True, exist_ok=True)
    file = MmapedDict(str(folder / f"counter_{process}.db"))
    key = mmap_key(NAME, f"{NAME}_total", LABELS[:1], LABELS[1:], "Operations.")
    file.write_value(key, value, 0)
    file.close()


def told(settings: Settings) -> dict[str, float]:
    metrics = tuple(HostCollector(settings.data / FOLDER).collect())
    assert [metric.name for metric in metrics] == [NAME] * bool(metrics)
    samples = [one for metric in metrics for one in metric.samples]
    assert {one.labels["store"] for one in samples} <= {"a"}
    return {one.labels["role"]: one.value for one in samples}


def test_a_role_that_starts_anew_takes_nothing_from_another(tmp_path: Path) -> None:
    settings = load(settings_file(tmp_path, None), {})
    ended = subprocess.Popen((sys.executable, "-c", ""))
    ended.wait()
    for role in ("web", "worker"):
        counted(settings, role, ended.pid, 5)
    counted(settings, "web", os.getppid(), 2)
    assert told(settings) == {"web": 7, "worker": 5}
    begin(settings, "web")
    assert told(settings) == {"web": 7, "worker": 5}, "a web process lives: its sum never falls"
    begin(settings, "worker")
    assert told(settings) == {"web": 7}
