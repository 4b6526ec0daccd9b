"""Examples of requests and answers: one school's afternoon, played again by the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
STORY = FOLDER / "examples.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A request's body, if it has one, the answer to it, and `others` there are, by status."""

    request: Any = None
    status: str = ""
    answer: Any = None
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> Mapping[str, Any]:
        """Every answer there is an example of, by status."""
        return {self.status: self.answer, **self.others} if self.status else self.others


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples by operationId, and the ids they all speak of by parameter."""

    parameters: Mapping[str, str]
    operations: Mapping[str, Example]

    def of(self, operation: str) -> Example:
        """Return the example of an operation, empty if it has none."""
        return self.operations.get(operation, Example())


@cache
def examples() -> Examples:
    """Return the examples, read once; a request named `….json` lies in a file of its own."""
    told = json.loads(STORY.read_text(encoding="utf-8"))
    return Examples(
        told["parameters"],
        {name: Example(**(one | _whole(one))) for name, one in told["operations"].items()},
    )


def _whole(one: dict[str, Any]) -> dict[str, Any]:
    request = one.get("request")
    if not isinstance(request, str):
        return {}
    return {"request": json.loads((FOLDER / request).read_text(encoding="utf-8"))}
