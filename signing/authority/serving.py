"""The authority as a child process that answers over HTTP and ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from signing.errors import SigningUnavailable

READY = b"ready"
STOP_WITHIN = 10.0


class AuthorityDown(SigningUnavailable):
    """The test authority could not be started."""

    code = "authority-down"
    title = "Тестовый удостоверяющий центр не запустился"


@dataclass(frozen=True, slots=True)
class Server:
    """A running authority. Stops on `stop`, at the end of a `with`, or when its parent ends."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, folder: Path, at: datetime | None = None) -> Server:
        """Start serving the authority in `folder`; return once its port is open.

        Raises AuthorityDown if the port is taken or the process ends.
        """
        log = folder / "server.log"
        command = [sys.executable, "-m", "signing.authority", str(folder)]
        if at is not None:
            command += ["--at", at.isoformat()]
        here = str(Path(__file__).parents[2])
        paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env={**os.environ, "PYTHONPATH": paths},
            )
        server = cls(process, log)
        if process.stdout is None or process.stdout.readline().strip() != READY:
            server.stop()
            raise AuthorityDown(
                "Тестовый удостоверяющий центр не запустился: возможно, занят его порт. "
                f"Подробности в {log}."
            )
        return server

    def stop(self) -> None:
        """Stop serving and wait until the process is gone."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
