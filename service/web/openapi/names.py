"""Names of operations: made of method and path, so that no renamed function changes one."""

from __future__ import annotations

import re

PARAMETER = re.compile(r"<(\w+)>")
LIST = {"GET": "list", "POST": "create", "PUT": "replace", "DELETE": "delete", "PATCH": "change"}
SINGLE = ("settings",)
ONE = LIST | {"GET": "get"}


def path_of(rule: str) -> str:
    """Return a Flask rule as OpenAPI writes paths."""
    return PARAMETER.sub(r"{\1}", rule)


def operation_id(method: str, path: str) -> str:
    """Return `verb_noun`: GET /v1/jobs/{job} is `get_job`, POST /v1/jobs/{job}/retry `retry_job`.

    A school in the path is the tenant and no part of the name. Where this reads badly the lexicon
    gives another name.
    """
    parts = [one for one in path.strip("/").split("/") if one != "v1"]
    if parts[:2] == ["schools", "{school}"] and len(parts) > 2:  # noqa: PLR2004 (more follows)
        parts = parts[2:]
    nouns = [
        _one(part) if _is_parameter(after) else part
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
        if not _is_parameter(part)
    ]
    last = parts[-1]
    plural = re.fullmatch(r"[a-z-]+s", last) is not None and last not in SINGLE
    if method == "POST" and not _is_parameter(last) and not plural:
        return _snake("_".join([last, *nouns[:-1]]))
    verb = (LIST if plural else ONE)[method]
    if plural and method == "POST":
        nouns[-1] = _one(nouns[-1])
    return _snake("_".join([verb, *nouns]))


def _is_parameter(part: str) -> bool:
    return part.startswith("{")


def _one(noun: str) -> str:
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())
