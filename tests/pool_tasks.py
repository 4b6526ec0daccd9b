"""Tasks for the pool's processes: a module of its own, because those processes import it."""

from __future__ import annotations

import os
import signal
import time

from service.domain.errors import Rejected


def make() -> dict[str, int]:
    """What every task gets: who it runs in."""
    return {"process": os.getpid()}


def where(tool: dict[str, int], document: str, generation: int) -> int:
    return tool["process"]


def die(tool: dict[str, int], document: str, generation: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def hang(tool: dict[str, int], document: str, generation: int) -> int:
    time.sleep(60)
    return 0


def refuse(tool: dict[str, int], document: str, generation: int) -> int:
    raise Rejected(f"нельзя: {document}")
