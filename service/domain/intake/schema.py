"""The native snapshot as a JSON Schema, for whoever writes an export to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).with_name("snapshot.schema.json")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a snapshot, as it is checked in beside this file."""
    written: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return {
        **written,
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ejournal-snapshot/1",
        "description": "Снимок школьного журнала на один момент: из него печатаются все документы.",
    }
