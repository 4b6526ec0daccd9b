"""A snapshot checked the usual way, which does not find what contradicts itself."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from benchmarks.harness.task import Watch
from service.domain.snapshot import Snapshot

COLLECTOR = 700, 10, 10  # as Python starts with


def pydantic(watch: Watch, source: str) -> dict[str, Any]:
    """Check by pydantic's models alone, as web frameworks do with a body."""
    body = Path(source).read_bytes()
    gc.set_threshold(*COLLECTOR)
    with watch.running():
        Snapshot.model_validate_json(body, by_name=False, by_alias=True)
    return {"bytes": len(body)}
