"""A line of curl for an operation, with the ids of the examples."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

JSON = "application/json"
LONGEST = 400  # characters of a body within the line
FILES = {"application/pdf": "document.pdf", JSON: "request.json"}


def curl(method: str, path: str, told: Mapping[str, Any]) -> str:
    """Return the command; `$VEDOMOST` is the service's address, `$TOKEN` the caller's token."""
    for parameter in told["parameters"]:
        if parameter["in"] == "path" and "example" in parameter:
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    verb = "" if method == "GET" else f" -X {method}"
    words = [f'curl -sS{verb} "$VEDOMOST{path}{_query(told)}"']
    words += _headers(told)
    words += _body(told)
    if name := _saved(path, told):
        words.append(f"-o {name}")
    return " \\\n  ".join(words)


def _query(told: Mapping[str, Any]) -> str:
    needed = [one for one in told["parameters"] if one["in"] == "query" and one["required"]]
    return "?" + "&".join(f"{one['name']}=…" for one in needed) if needed else ""


def _headers(told: Mapping[str, Any]) -> list[str]:
    names = {one["name"]: one["required"] for one in told["parameters"] if one["in"] == "header"}
    found = _access(told)
    if "Idempotency-Key" in names:
        found.append('-H "Idempotency-Key: $(uuidgen)"')
    if names.get("If-Match"):
        found.append("""-H "If-Match: $ETAG\"""")
    return found


def _access(told: Mapping[str, Any]) -> list[str]:
    """Return what says who asks: a token where one will do, else the cookie `log_in` has kept."""
    ways = told.get("security", ())
    if any("token" in one for one in ways):
        return ['-H "Authorization: Bearer $TOKEN"']
    if ways:
        return ["-b cookies.txt", '-H "Sec-Fetch-Site: same-origin"']
    sets = any("Set-Cookie" in one.get("headers", ()) for one in told["responses"].values())
    return ["-c cookies.txt"] if sets else []


def _body(told: Mapping[str, Any]) -> list[str]:
    content = told.get("requestBody", {}).get("content", {})
    for media_type, body in content.items():
        header = f'-H "Content-Type: {media_type}"'
        sent = json.dumps(body.get("example"), ensure_ascii=False)
        if "example" in body and len(sent) <= LONGEST:
            return [header, f"-d {shlex.quote(sent)}"]
        model = body["schema"].get("$ref", "").rpartition("/")[2]
        name = "snapshot.json" if model == "Snapshot" else FILES[media_type]
        return [header, f"--data-binary @{name}"]
    return []


def _saved(path: str, told: Mapping[str, Any]) -> str:
    """Return the name a file is saved under; empty for what is read at once."""
    content = told["responses"].get("200", {}).get("content", {})
    if not content or JSON in content:
        return ""
    name = path.rpartition("/")[2]
    return name if "." in name else f"document.{name}"
