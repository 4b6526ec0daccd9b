"""The description as a page for people: one file without a script, to be read, saved or printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.web.docs.curl import curl
from service.web.docs.types import fields, named
from service.web.http import html
from service.web.openapi.lexicon import lexicon

STYLE = "docs.css"
SNAPSHOT = "Snapshot"


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation as the page shows it."""

    id: str
    method: str
    path: str
    told: Mapping[str, Any]
    curl: str

    @property
    def answers(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Answers that are no problems: status and what is told of it."""
        return (
            (status, one) for status, one in self.told["responses"].items() if "$ref" not in one
        )

    @property
    def by_token(self) -> bool:
        """Whether a token will do."""
        return any("token" in one for one in self.told["security"])

    @property
    def asked(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Media types of the body and their contents."""
        return iter(self.told.get("requestBody", {}).get("content", {}).items())


def page(document: Mapping[str, Any]) -> str:
    """Return the HTML of an OpenAPI document as `description` makes it."""
    components = document["components"]
    shown = [
        Shown(told["operationId"], method.upper(), path, told, curl(method.upper(), path, told))
        for path, item in document["paths"].items()
        for method, told in item.items()
    ]
    models = dict(sorted(components["schemas"].items()))
    environment = Environment(
        loader=FileSystemLoader(html.FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": _prose, "pretty": _pretty, "named": named, "fields": fields}
    return environment.get_template("docs.html").render(
        style=Markup(_style()),  # noqa: S704 (a file of this package)
        info=document["info"],
        chapters=[
            (f"group-{number}", tag, [one for one in shown if tag["name"] in one.told["tags"]])
            for number, tag in enumerate(document["tags"], start=1)
        ],
        parts=[
            ("models", "Модели", _models(models, of_snapshot=False)),
            ("snapshot", "Снимок журнала", _models(models, of_snapshot=True)),
        ],
        problems=components["x-problems"],
        security=components["securitySchemes"],
        duties={name: told.partition(":")[0] for name, told in lexicon().values["Duty"].items()},
    )


def policy() -> str:
    """Return the Content-Security-Policy of the page: its own style and nothing else."""
    return html.policy(_style())


def _style() -> str:
    return (html.FOLDER / STYLE).read_text(encoding="utf-8")


def _models(models: Mapping[str, Any], *, of_snapshot: bool) -> dict[str, Any]:
    """Return the models a snapshot is made of, or the others."""
    return {
        name: one
        for name, one in models.items()
        if (name.startswith(SNAPSHOT) and name != "SnapshotTold") is of_snapshot
    }


def _prose(text: str) -> Markup:
    """Return Markdown as HTML; what looks like HTML in it stays text."""
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))  # noqa: S704


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
