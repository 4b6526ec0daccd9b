"""The service of the demo as a child process, ready when it takes requests."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from service.demo import children
from service.demo.servers import ServerNotReady

_READY_SECONDS = 90.0
_PAUSE = 0.1
_LAST_WORDS = 1500


@contextmanager
def serving(settings: Path, listen: str, log: Path) -> Iterator[str]:
    """Yield the address of `vedomost serve` once it is ready; stop it at the end."""
    log.unlink(missing_ok=True)
    process = children.start(
        [sys.executable, "-m", "service", "serve", "--settings", settings.resolve()],
        folder=settings.parent,
        log=log.resolve(),
    )
    address = f"http://{listen}"
    try:
        deadline = time.monotonic() + _READY_SECONDS
        with httpx.Client(base_url=address, trust_env=False) as http:
            while not _is_ready(http):
                if process.poll() is not None or time.monotonic() > deadline:
                    words = log.read_text("utf-8", errors="replace")[-_LAST_WORDS:]
                    raise ServerNotReady(f"Последнее, что сказала служба:\n{words}")
                time.sleep(_PAUSE)
        yield address
    finally:
        children.stop(process, patience=60)


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/readyz").is_success
    except httpx.TransportError:
        return False
