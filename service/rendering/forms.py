"""Forms: laid out once, filled many times; kept in memory and on disk by what they are made of."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from service.documents.parts import Align
from service.rendering import edition
from service.rendering.capture import Capture, Run, Slot
from service.rendering.strokes import Fill, Rule
from service.rendering.typesetter import Typesetter


class Forms:
    """Captured templates by name and parameters. The disk cache is shared between processes:

    a form is written beside and renamed into place, so a reader sees all of it or nothing.
    """

    def __init__(self, typesetter: Typesetter, cache: Path | None):
        self.typesetter = typesetter
        self._cache = cache
        self._known: dict[str, Capture] = {}

    def form(self, template: str, **values: Any) -> Capture:
        """Return the one page of a template with these parameters."""
        parameters = json.dumps([template, values], sort_keys=True, ensure_ascii=False)
        key = sha256((self._edition + parameters).encode()).hexdigest()
        if key not in self._known:
            self._known[key] = self._load(key) or self._make(key, template, values)
        return self._known[key]

    @cached_property
    def _edition(self) -> str:
        setter = self.typesetter
        return edition.of_templates(setter.templates) + edition.of_fonts(setter.faces.folder) + "2"

    def _load(self, key: str) -> Capture | None:
        if self._cache is None:
            return None
        file = self._cache / f"{key}.json"
        return _from_json(json.loads(file.read_bytes())) if file.exists() else None

    def _make(self, key: str, template: str, values: Mapping[str, Any]) -> Capture:
        (captured,) = self.typesetter.pages(template, **values)
        if self._cache is not None:
            self._cache.mkdir(parents=True, exist_ok=True)
            beside = self._cache / f"{key}.{os.getpid()}"
            beside.write_text(json.dumps(asdict(captured), default=lambda a: a.value))
            beside.replace(self._cache / f"{key}.json")
        return captured


def _from_json(data: Mapping[str, Any]) -> Capture:
    return Capture(
        width=data["width"],
        height=data["height"],
        rules=tuple(Rule(**rule) for rule in data["rules"]),
        fills=tuple(Fill(**fill) for fill in data["fills"]),
        runs=tuple(Run(*run) for run in data["runs"]),
        slots={
            name: Slot(**{**slot, "align": Align(slot["align"])})
            for name, slot in data["slots"].items()
        },
    )
