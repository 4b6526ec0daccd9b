"""A snapshot is checked and nothing else, in a process that knows nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.harness.task import Watch
from service.domain.intake.parsing import parse


def check(watch: Watch, source: str) -> dict[str, Any]:
    """Check a snapshot whole: schema, keys, references."""
    body = Path(source).read_bytes()
    with watch.running():
        parse(body)
    return {"bytes": len(body)}
