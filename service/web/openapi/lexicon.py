"""What the description says in Russian: groups, operations, models, and what each word means.

A `Field(description=…)` in Russian beside a model's field says it best; the lexicon says what means
the same wherever it stands, and what has no field to stand beside.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FILES = tuple(
    Path(__file__).with_name(name) for name in ("lexicon.toml", "snapshot.toml", "access.toml")
)
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """A chapter of the description, and the first segments of the paths that belong to it."""

    name: str
    description: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an operation besides its summary."""

    id: str = ""
    told: str = ""
    problems: tuple[str, ...] = ()
    location: str = ""  # what its Location leads to
    tagged: bool = False  # its answer has an ETag
    matched: bool = False  # it wants If-Match
    cookie: bool = False  # its answer sets a cookie, or takes it away
    waits: bool = False  # it heeds Prefer: wait
    whole: bool = False  # its file is sent whole, never in parts
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # operationId: parameters
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words, by what they are about."""

    info: Mapping[str, str]
    statuses: Mapping[str, str]
    groups: tuple[Group, ...]
    operations: Mapping[str, Told]  # by "METHOD /path"
    parameters: Mapping[str, str]  # of paths and addresses
    words: Mapping[str, str]  # names of properties
    models: Mapping[str, Mapping[str, str]]  # "told" of a model itself, else of its property
    values: Mapping[str, Mapping[str, str]]  # of enumerations

    def of_operation(self, method: str, path: str) -> Told:
        """Return what is said of an operation besides its summary."""
        return self.operations.get(f"{method} {path}", Told())

    def group(self, path: str) -> Group:
        """Return the group a path belongs to: the longest match of its segments, or the last."""
        parts = path.removeprefix("/v1/").removeprefix("schools/{school}/").strip("/")
        fitting = [
            (len(segment), group)
            for group in self.groups
            for segment in group.segments
            if f"{parts}/".startswith(f"{segment}/")
        ]
        return max(fitting, key=lambda one: one[0])[1] if fitting else self.groups[-1]

    def of_model(self, model: str) -> str:
        """Return what a model is, its values said one by one; empty if nobody has said it."""
        said = self.models.get(model, {}).get("told", "")
        values = self.values.get(model, {})
        listed = "\n".join(f"* `{value}` — {meaning}" for value, meaning in values.items())
        return "\n\n".join(filter(None, (said, listed)))

    def of_property(self, model: str, name: str) -> str:
        """Return what a property of a model means; empty if nobody has said it."""
        return self.models.get(model, {}).get(name) or self.words.get(name, "")


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    read = [tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES]
    main = read[0]

    def merged(name: str) -> dict[str, Any]:
        return {key: value for one in read for key, value in one.get(name, {}).items()}

    return Lexicon(
        info=main["info"],
        statuses=main["statuses"],
        groups=tuple(
            Group(one["name"], one["description"], tuple(one["segments"])) for one in main["groups"]
        ),
        operations={
            key: _told(value, main["families"]) for key, value in main["operations"].items()
        },
        parameters=main["parameters"],
        words=main["words"],
        models=merged("models"),
        values=merged("values"),
    )


def _told(written: dict[str, Any], families: Mapping[str, list[str]]) -> Told:
    """Return what is said of an operation; a problem written `@name` stands for a family's."""
    problems = tuple(
        code
        for one in written.pop("problems", ())
        for code in (families[one[1:]] if one.startswith("@") else [one])
    )
    return Told(problems=problems, **written)
