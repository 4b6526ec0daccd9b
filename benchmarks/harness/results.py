"""The results' file: a list of rows, to which every benchmark adds its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness.row import Row


def keep(file: Path, benchmark: str, rows: Iterable[Row]) -> None:
    """Put a benchmark's rows into the file in the place of those it had there."""
    known = json.loads(file.read_text()) if file.exists() else []
    others = [row for row in known if not row["name"].startswith(f"{benchmark}: ")]
    told = [*others, *(row.told() for row in rows)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
