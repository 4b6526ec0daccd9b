"""The inside of a measurement: one function in this process, its cost as one line of JSON."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

SUBREAPER = 36  # prctl: orphaned grandchildren become ours, and their cost with them


class Watch:
    """CPU seconds of this process and of the children it waited for, while it runs."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the CPU seconds of the block."""
        began = spent()
        yield
        self.seconds += spent() - began


def spent() -> float:
    """Return the CPU seconds spent so far, children included."""
    usages = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak() -> float:
    """Return the MiB of the largest process so far, this one or a child."""
    return max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / 1024


def adopt() -> None:
    """Become the parent of whatever a child leaves behind."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def await_orphans() -> None:
    """Wait for every process that was left behind."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def main(function: str, arguments: str) -> None:
    """Run a task and print what it cost."""
    module, name = function.split(":")
    run = getattr(import_module(module), name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # as in the service's processes, for peers as well
    watch = Watch()
    figures = run(watch, **json.loads(arguments))
    told = {"cpu": watch.seconds, "whole": spent(), "peak": peak(), "figures": figures}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
