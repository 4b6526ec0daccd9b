"""What running processes have cost so far, read from /proc: a service is more than one."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds since they began and MiB they hold now, of some processes together.

    What several of them share counts once.
    """

    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class _Process:
    number: int
    parent: int
    command: str
    ticks: int


def spent(root: int, word: str = "") -> Spent:
    """Return what a process and all under it have cost; with a `word` those whose command has it.

    Whoever is under one with the word belongs to it. Children that ended count with their parent.
    """
    every = {one.number: one for one in _all()}

    def counts(number: int, found: bool) -> bool:
        one = every.get(number)
        if one is None:
            return False
        found = found or word in one.command
        return found if number == root else counts(one.parent, found)

    chosen = [one for one in every.values() if counts(one.number, False)]
    return Spent(
        sum(one.ticks for one in chosen) / TICK,
        sum(_held(one.number) for one in chosen) / 1024,
    )


def _held(number: int) -> int:
    """Return the KiB of a process, its share of what it shares (proc(5): Pss)."""
    with suppress(OSError):
        for line in (PROC / str(number) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _all() -> list[_Process]:
    found = []
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):  # it ended meanwhile
            after = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            found.append(
                _Process(
                    number=int(folder.name),
                    parent=int(after[1]),
                    command=command,
                    ticks=sum(map(int, after[11:15])),
                )
            )
    return found
