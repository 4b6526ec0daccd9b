"""Which web processes of this host are alive: each holds a lock as long as it lives."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from weakref import finalize

FOLDER = "lives"
LONG_AGO = 24 * 3600  # seconds after which nobody asks for a dead process any more


class Life:
    """The life of this process, and what is known of others that share its data folder.

    The system lets a lock go when its process dies, however it dies.
    """

    def __init__(self, data: Path) -> None:
        self.name = secrets.token_hex(8)
        self._folder = data / FOLDER
        self._folder.mkdir(exist_ok=True)
        self._forget(time.time() - LONG_AGO)
        held = os.open(self._folder / self.name, os.O_CREAT | os.O_WRONLY, 0o600)
        finalize(self, os.close, held)
        fcntl.flock(held, fcntl.LOCK_EX)

    def outlived(self, name: str) -> bool:
        """Return whether a process of this host is dead; of another host's nobody knows: False."""
        try:
            with (self._folder / name).open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (FileNotFoundError, BlockingIOError):
            return False
        return True

    def _forget(self, before: float) -> None:
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before and self.outlived(file.name):
                    file.unlink()
