"""Measurements from outside: each task in a fresh process, the cheapest of a few runs counts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.harness.places import ROOT


class TaskBroke(Exception):
    """A task ended badly; the message is what it wrote."""


@dataclass(frozen=True, slots=True)
class Task:
    """A function «package.module:name» and its arguments (JSON values)."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a task cost: CPU seconds while its watch ran and in all, MiB of its largest process."""

    cpu: float
    whole: float
    peak: float
    figures: Mapping[str, Any]

    @property
    def pages(self) -> int:
        """The pages it made."""
        return int(self.figures["pages"])

    @property
    def speed(self) -> float:
        """Pages per CPU second."""
        return self.pages / self.cpu

    @property
    def weight(self) -> float:
        """Bytes per page, without what is embedded in the file."""
        return (self.figures["bytes"] - self.figures.get("embedded", 0)) / self.pages


def measured(task: Task) -> Measured:
    """Run a task in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.harness.task", task.function]
    ran = subprocess.run(
        [*command, json.dumps(dict(task.arguments))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise TaskBroke(f"{task.function}:\n{ran.stderr[-4000:]}")
    return Measured(**json.loads(ran.stdout.splitlines()[-1]))


def least(rounds: int, tasks: Mapping[str, Task]) -> dict[str, Measured]:
    """Run the tasks in turn, `rounds` times; return each one's cheapest run.

    On a machine with other work the least is the truest, and taking turns is fair to all.
    """
    runs = [{name: measured(task) for name, task in tasks.items()} for _ in range(rounds)]
    return {name: min((run[name] for run in runs), key=lambda one: one.cpu) for name in tasks}
