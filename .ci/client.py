"""Writes the typed client, `service/client/{told,operations}.py`, from the OpenAPI description."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel

from service.archive.folder import prepare_folder
from service.bootstrap.ground import prepare
from service.bootstrap.serving import bootstrap
from service.settings import load
from service.web.app import create_app

ROOT = Path(__file__).parent.parent
PLACE = ROOT / "service" / "client"
RUFF = Path(sys.executable).parent / "ruff"
JSON = "application/json"
SCHEMAS = "#/components/schemas/"
PROBLEM = "Problem"  # raised, see `service.client.errors`
SNAPSHOT = "Snapshot"  # sent as bytes: whoever has a journal writes it himself
MADE = "made by `make client`"
PLAIN = {
    "object": "dict[str, Any]",
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
FORMATS = {"date-time": "datetime", "date": "date"}
NOT_CALLED = {"text/event-stream", "text/html"}  # for eyes, or read line by line: `following.py`

EVERYWHERE = frozenset(
    {
        *("bad-request", "headers-too-large", "request-timeout", "uri-too-long"),
        *("body-interrupted", "conflict", "cross-site", "cursor-wrong", "database-unavailable"),
        *("disk-refuses", "forbidden", "idempotency-in-progress", "idempotency-key-malformed"),
        *("idempotency-key-reused", "internal-error", "malformed-gzip", "malformed-json"),
        *("not-found", "precondition-failed", "request-invalid", "school-missing", "too-large"),
        *("too-many-requests", "unauthorized", "unavailable", "unsupported-media-type"),
    }
)

SETTINGS = """
[signing]
trust = "trust"
[stores.primary]
kind = "folder"
name = "A"
path = "A"
[stores.replica]
kind = "folder"
name = "B"
path = "B"
[schools.any]
"""

Schema = Mapping[str, Any]


def main() -> int:
    """Write both modules, or with `--check` say whether they are as they would be written."""
    described = description()
    wanted = {"told.py": told(described), "operations.py": operations(described)}
    stale = [name for name, text in wanted.items() if not same(PLACE / name, text)]
    if "--check" in sys.argv:
        sys.stderr.writelines(f"service/client/{name} is stale: make client\n" for name in stale)
        return bool(stale)
    for name in stale:
        (PLACE / name).write_text(wanted[name])
    return 0


def description() -> Schema:
    """Return the description a service gives of itself."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "trust").mkdir()
        for store in ("A", "B"):
            prepare_folder(store, folder / store)
        file = folder / "vedomost.toml"
        file.write_text(SETTINGS)
        settings = load(file, {})
        prepare(settings)
        service = bootstrap(settings)
        told: Schema = create_app(service).test_client().get("/v1/openapi.json").get_json()
        service.close()
    return told


def same(file: Path, text: str) -> bool:
    """Return whether a file holds just this text."""
    return file.exists() and file.read_text() == text


def told(described: Schema) -> str:
    """Return the module of models: what is asked and what is told."""
    schemas = described["components"]["schemas"]
    uses = used(described, schemas)
    models = [
        model(name, schemas[name], schemas, uses[name])
        for name in sorted(uses)
        if object_(schemas[name])
    ]
    return formatted(
        f'"""What is asked of the service and what it tells; {MADE}."""\n\n'
        "from __future__ import annotations\n\n"
        "from datetime import date, datetime\n"
        "from typing import Any, Literal\n\n"
        "from pydantic import Field\n\n"
        "from service.client.shapes import Asked, Told\n\n\n" + "\n\n\n".join(models)
    )


def model(name: str, one: Schema, schemas: Schema, uses: set[str]) -> str:
    """Return the class of an object; what a newer service adds to an answer is left alone."""
    kind = "Asked" if name.endswith("Asked") else "Told"
    required = set(one.get("required", ()))
    use = textwrap.fill(f"Of {', '.join(sorted(uses))}.", 92, subsequent_indent="    ")
    lines = [f"class {name}({kind}):", f'    """{use}"""', ""]
    fields = sorted(one["properties"].items(), key=lambda item: optional(item, required))
    for key, schema in fields:
        field = safe(key)
        shape = type_of(schema, schemas, closed=kind == "Asked")
        alias = f'alias="{key}"' if field != key else ""
        if not optional((key, schema), required):
            lines.append(f"    {field}: {shape}" + (f" = Field({alias})" if alias else ""))
            continue
        default = schema.get("default")
        given = repr(default) if isinstance(default, str | int | float) else "None"
        shape = shape if given != "None" or "None" in shape else f"{shape} | None"
        lines.append(f"    {field}: {shape} = " + (f"Field({given}, {alias})" if alias else given))
    return "\n".join(lines)


def optional(item: tuple[str, Schema], required: set[str]) -> bool:
    """Return whether a property may be left out."""
    return item[0] not in required


def type_of(schema: Schema, schemas: Schema, *, closed: bool) -> str:
    """Return the type of a schema; values of an enumeration are open unless `closed`."""

    def typed(one: Schema) -> str:
        return type_of(one, schemas, closed=closed)

    match schema:
        case {"$ref": str(link)}:
            found = schemas[reference(schema)]
            return link.rpartition("/")[2] if object_(found) else typed(found)
        case {"anyOf": list(options)} | {"oneOf": list(options)}:
            return either(typed(one) for one in options)
        case {"const": str(value)} | {"enum": [str(value)]}:
            shape = f'Literal["{value}"]' if closed else "str"
        case {"enum": list(values)}:
            shape = f"Literal[{', '.join(map(repr, values))}]" if closed else "str"
        case {"type": "array", "items": items}:
            shape = f"tuple[{typed(items)}, ...]"
        case {"type": "object", "additionalProperties": dict(values)}:
            shape = f"dict[str, {typed(values)}]"
        case {"type": "object", "patternProperties": dict(patterns)}:
            shape = f"dict[str, {either(map(typed, patterns.values()))}]"
        case {"type": "string", "format": str(form)} if form in FORMATS:
            shape = FORMATS[form]
        case _:
            shape = PLAIN.get(schema.get("type", ""), "Any")
    return shape


def either(shapes: Iterable[str]) -> str:
    """Return a union, each of its members once."""
    return " | ".join(dict.fromkeys(shapes))


def operations(described: Schema) -> str:
    """Return the module of calls: a method for every operation."""
    schemas = described["components"]["schemas"]
    calls: list[str] = []
    names: set[str] = set()
    versioned = {path for path in described["paths"] if path.startswith("/v1/")}
    for path, methods in sorted((path, described["paths"][path]) for path in versioned):
        for method, one in methods.items():
            if (written := call(method.upper(), path, one, schemas, names)) is not None:
                calls.append(written)
    listed = ", ".join(sorted(names))
    return formatted(
        f'"""Every call the service answers, typed; {MADE}."""\n\n'
        "from __future__ import annotations\n\n"
        "from dataclasses import dataclass\n"
        "from datetime import date, datetime\n"
        "from typing import Literal\n\n"
        f"from service.client.told import {listed}\n"
        "from service.client.wire import Wire\n\n\n"
        "@dataclass(frozen=True, slots=True)\n"
        "class Operations:\n"
        '    """The calls of `/v1`; each raises the errors of `service.client.errors`."""\n\n'
        "    wire: Wire\n\n" + "\n\n".join(textwrap.indent(one, "    ") for one in calls)
    )


def call(method: str, path: str, one: Schema, schemas: Schema, names: set[str]) -> str | None:
    """Return the method of an operation, or None if it is none a program calls."""
    answers = (
        content
        for status, content in ((s, r.get("content", {})) for s, r in one["responses"].items())
        if status.startswith("2")
    )
    answer = next(answers, {})  # none: browsers are sent elsewhere
    if NOT_CALLED & set(answer) or not answer:
        return None
    parameters = one.get("parameters", ())
    places = [p["name"] for p in parameters if p["in"] == "path"]
    queries = [p for p in parameters if p["in"] == "query"]
    arguments = [f"{safe(name)}: str" for name in places]
    sent = [f'"{method}"', f'"{path}"']
    if places:
        sent.append("{" + ", ".join(f'"{name}": {safe(name)}' for name in places) + "}")
    body = one.get("requestBody", {}).get("content", {})
    name = reference(body.get(JSON, {}).get("schema", {}))
    if name not in {"", SNAPSHOT}:
        names.add(name)
        arguments.append(f"asked: {name}")
        sent.append("asked=asked")
    elif body:
        arguments.append("body: bytes")
        sent += ["body=body", f'media_type="{next(iter(body))}"']
    wanted = [p for p in parameters if p["name"] == "If-Match" and p["required"]]
    if wanted:
        arguments += ["*", "if_match: str"]
        sent.append("if_match=if_match")
    if queries:
        arguments += [] if wanted else ["*"]
        arguments += [f"{safe(q['name'])}: {query_type(q, schemas)} = None" for q in queries]
        pairs = ", ".join(f'"{q["name"]}": {safe(q["name"])}' for q in queries)
        sent.append("query={" + pairs + "}")
    answered = reference(answer.get(JSON, {}).get("schema", {}))
    summary = docstring(method, path, one)
    head = f"def {one['operationId']}({', '.join(['self', *arguments])})"
    if not answered:
        return f"{head} -> bytes:\n{summary}\n    return self.wire.file({', '.join(sent)})"
    names.add(answered)
    given = ", ".join([answered, *sent])
    return f"{head} -> {answered}:\n{summary}\n    return self.wire.told({given})"


def docstring(method: str, path: str, one: Schema) -> str:
    """Return what a call promises, in the words of the description, and what it may refuse with."""
    told = re.sub(r"`([^`]*)`", r"\1", one.get("description", "")).strip().replace("\\", "")
    own = [code for code in one["x-problems"] if code not in EVERYWHERE]
    said = [
        f"{one['summary']}.\n\n{method} {path}",
        textwrap.fill(told, 84),
        textwrap.fill(f"Problems: {', '.join(own)}.", 84, break_on_hyphens=False) if own else "",
    ]
    text = "\n\n".join(filter(None, said))
    end = "\n" if "\n" in text else ""
    return textwrap.indent(f'"""{text}{end}"""', "    ")


def query_type(parameter: Schema, schemas: Schema) -> str:
    """Return the type of a parameter of the address, which may always be left out."""
    shape = type_of(parameter["schema"], schemas, closed=True)
    return shape if "None" in shape else f"{shape} | None"


def used(described: Schema, schemas: Schema) -> dict[str, set[str]]:
    """Return what uses each schema a call sends or gets, a snapshot's and a problem's left out."""
    found: dict[str, set[str]] = {}

    def visit(user: str, node: Any) -> None:
        for name in referred(node):
            if name in {SNAPSHOT, PROBLEM}:
                continue
            if name not in found:
                found[name] = set()
                visit(name, schemas[name])
            found[name].add(user)

    for methods in described["paths"].values():
        for one in methods.values():
            visit(f"`{one['operationId']}`", one)
    return found


def referred(node: Any) -> Iterator[str]:
    """Yield the names a description refers to."""
    match node:
        case {"$ref": str(link)} if link.startswith(SCHEMAS):
            yield link.removeprefix(SCHEMAS)
        case dict():
            for value in node.values():
                yield from referred(value)
        case list():
            for value in node:
                yield from referred(value)


def reference(schema: Schema) -> str:
    """Return the name a schema refers to, or nothing."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def object_(schema: Schema) -> bool:
    """Return whether a schema is an object with properties."""
    return "properties" in schema


def safe(name: str) -> str:
    """Return a name Python takes."""
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) or hasattr(BaseModel, plain) else plain


def formatted(text: str) -> str:
    """Return a module the way `make format` writes it."""
    for command in (
        ["check", "--fix", "--exit-zero", "--quiet", "--ignore", "E501"],
        ["format", "--quiet"],
    ):
        text = subprocess.run(
            [RUFF, *command, "--stdin-filename", "service/client/made.py", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
    return text


if __name__ == "__main__":
    sys.exit(main())
