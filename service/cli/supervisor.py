"""The parent of the service's processes: starts them, restarts what dies, stops them together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from types import FrameType

from service.bootstrap.orphans import end_with_parent
from service.cli.failures import EXPECTED
from service.domain.errors import Unavailable

LOG = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks at the children
QUICK = 20.0  # seconds: a death sooner than this after the start is a quick one
QUICK_DEATHS = 5  # in a row: it will not start at all
QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"  # it tidies up after who was killed


class WontStart(Unavailable):
    """A process of the service dies as soon as it is started."""

    code = "wont-start"
    title = "Служба не запускается"


class Child:
    """One process of the service, kept alive."""

    def __init__(self, name: str, settings: Path) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "service", name, "--settings", str(settings)]
        self._deaths = 0
        self._stood = False  # once: what it needs was there, and may be again
        self._start()

    def look(self) -> None:
        """Start the process again if it died, a little later each time; give up on WontStart."""
        if self._process.poll() is None:
            if time.monotonic() - self._began > QUICK:
                self._deaths, self._stood = 0, True
            return
        hopeless = self._process.returncode in EXPECTED and not self._stood
        if hopeless or self._deaths >= QUICK_DEATHS:
            raise WontStart(f"Процесс «{self.name}» не запускается: причина названа выше.")
        if time.monotonic() - self._ended() < self._deaths:
            return
        self._deaths += 1
        LOG.warning("%s died with %s, started again", self.name, self._process.returncode)
        self._start()

    def stop(self) -> None:
        """Ask the process to finish what it is doing and end."""
        if self._process.poll() is None:
            self._process.terminate()

    def end(self, by: float) -> None:
        """Wait for the process until a moment, then kill it."""
        try:
            self._process.wait(max(0.0, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            LOG.warning("%s did not stop in time, killed", self.name)
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self._began = time.monotonic()
        self._died: float | None = None
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            self._command,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONWARNINGS": QUIET},
            start_new_session=True,  # Ctrl+C is for the parent, which stops the children
            preexec_fn=end_with_parent(),  # noqa: PLW1509 - one system call, no lock is taken
        )

    def _ended(self) -> float:
        if self._died is None:
            self._died = time.monotonic()
        return self._died


def on_stop(told: Callable[[int, FrameType | None], None]) -> None:
    """Have a process told to stop: by SIGTERM, Ctrl+C, or its terminal, unless nohup kept it."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, told)


def supervise(names: Sequence[str], settings: Path, grace: float) -> None:
    """Keep commands of this program running until SIGTERM or Ctrl+C, then stop them all."""
    stop = Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    on_stop(told)
    children = [Child(name, settings) for name in names]
    try:
        while not stop.wait(LOOK):
            for child in children:
                child.look()
    finally:
        for child in children:
            child.stop()
        by = time.monotonic() + grace
        for child in children:
            child.end(by)
