"""Child processes of the demo: each ends with its parent and is stopped by its own pid."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from service.bootstrap.orphans import end_with_parent


def start(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in `folder`; what it says goes to `log`.

    It leads a group of processes and does not hear the terminal's Ctrl-C: who started it stops it.
    On Linux it ends with this process, even if that is killed.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=end_with_parent(),  # noqa: PLW1509 - one system call, no lock is taken
        )


def stop(process: subprocess.Popen[bytes], patience: float = 15) -> None:
    """Ask a process to end, end it after `patience` seconds, then whatever it left behind."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def terminable() -> Iterator[None]:
    """Make SIGTERM unwind like Ctrl-C, so that everything started is stopped."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
