"""The configuration reference, made of the very models that validate the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from service.settings.model import Settings
from service.settings.reading import PREFIX

FILE = Path(__file__).with_name("REFERENCE.md")
HEAD = """# Настройки

Сделано командой `vedomost settings reference` (`make reference`) из моделей, которыми настройки
проверяются; руками не править. Один файл TOML; неизвестный ключ не даёт службе запуститься. Ключ
`a.b` можно задать переменной `VEDOMOST_A__B`, а секрет — ещё и файлом, имя которого стоит в
`VEDOMOST_A__B_FILE`. Относительные пути — от папки файла настроек.
"""
TYPES = {
    "string": "строка",
    "integer": "целое",
    "number": "число",
    "boolean": "да/нет",
    "array": "список",
    "object": "таблица",
}
FORMATS = {"path": "путь", "password": "секрет", "date": "дата"}
LIMITS = {
    "minimum": "от {}",
    "exclusiveMinimum": "больше {}",
    "maximum": "до {}",
    "minLength": "от {} знаков",
    "maxLength": "до {} знаков",
    "minItems": "от {} шт.",
    "maxItems": "до {} шт.",
    "pattern": "вид `{}`",
}

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key: where it stands, what it may be and what it is for."""

    path: str
    told: str  # in Russian
    type: str
    limits: str
    default: str
    variable: str  # of the environment; empty: only the file can say it


def keys() -> tuple[Key, ...]:
    """Return every key there is, in the order of the models."""
    whole = Settings.model_json_schema()
    return tuple(_keys(whole, whole["$defs"], "", settable=True))


def markdown() -> str:
    """Return the reference as it lies in REFERENCE.md beside this file."""
    groups: dict[str, list[Key]] = {}
    for key in keys():
        groups.setdefault(key.path.rpartition(".")[0], []).append(key)
    return HEAD + "".join(_table(group, members) for group, members in groups.items())


def _table(group: str, members: list[Key]) -> str:
    lines = [
        f"\n## {f'`[{group}]`' if group else 'Вне таблиц'}\n",
        "| ключ | что это | значение | если не задан | переменная |",
        "|---|---|---|---|---|",
    ]
    for key in members:
        value = f"{key.type}; {key.limits}" if key.limits else key.type
        variable = f"`{key.variable}`" if key.variable else ""
        name = key.path.rpartition(".")[2]
        told = key.told.replace("|", "\\|")
        lines.append(f"| `{name}` | {told} | {value} | {key.default} | {variable} |")
    return "\n".join(lines) + "\n"


def _keys(model: Schema, known: Schema, path: str, *, settable: bool) -> Iterator[Key]:
    required = model.get("required", ())
    for name, field in model["properties"].items():
        here = f"{path}.{name}" if path else name
        whole = _resolved(field, known)
        variants = [one for one in _variants(whole, known) if "properties" in one]
        if variants:
            yield from _joined(
                [list(_keys(one, known, here, settable=settable)) for one in variants]
            )
            continue
        inner = _resolved(_values(whole), known)
        item = _resolved(whole.get("items") or {}, known)
        if "properties" in inner:
            yield from _keys(inner, known, f"{here}.<id>", settable=False)
        elif "properties" in item:
            yield from _keys(item, known, f"{here}[]", settable=False)
        else:
            yield _key(here, whole, known, needed=name in required, settable=settable)


def _joined(variants: list[list[Key]]) -> Iterator[Key]:
    """Yield the keys of a table of several sorts: once each, with the sort it belongs to."""
    whole = dict.fromkeys(key.path for variant in variants for key in variant)
    for path in whole:
        found = [key for variant in variants for key in variant if key.path == path]
        told = " / ".join(dict.fromkeys(key.told for key in found))
        if 1 == len(found) < len(variants):
            (sort,) = [v[0].type for v in variants if found[0] in v]
            told = f"{told} ({sort})"
        types = " или ".join(dict.fromkeys(key.type for key in found))
        yield replace(found[0], told=told, type=types)


def _values(table: Schema) -> Schema:
    """Return what a table of named things holds."""
    for one in (*table.get("patternProperties", {}).values(), table.get("additionalProperties")):
        if isinstance(one, Mapping):
            return one
    return {}


def _key(path: str, field: Schema, known: Schema, *, needed: bool, settable: bool) -> Key:
    variants = [one for one in _variants(field, known) if one.get("type") != "null"]
    scalar = all(one.get("type") not in {"array", "object"} for one in variants)
    return Key(
        path=path,
        told=field.get("description", ""),
        type=" или ".join(dict.fromkeys(_type(one, known) for one in variants)),
        limits=", ".join(
            told.format(str(one[limit]).replace("|", "\\|"))
            for one in ([field] if variants == [field] else [field, *variants])
            for limit, told in LIMITS.items()
            if limit in one
        ),
        default="обязателен" if needed else _default(field),
        variable=PREFIX + path.upper().replace(".", "__") if settable and scalar else "",
    )


def _type(field: Schema, known: Schema) -> str:
    if values := field.get("enum"):
        return ", ".join(f"`{value}`" for value in values)
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        item = _resolved(field.get("items", {}), known)
        return f"список: {_type(item, known)}"
    return FORMATS.get(field.get("format", "")) or TYPES[field.get("type", "string")]


def _default(field: Schema) -> str:
    if told := field.get("told"):
        return str(told)
    default = field.get("default")
    if default is None or default in ([], {}, ""):
        return "—"
    return f"`{json.dumps(default, ensure_ascii=False)}`"


def _variants(field: Schema, known: Schema) -> list[Schema]:
    several = field.get("anyOf") or field.get("oneOf")
    if several is None:
        return [field]
    return [_resolved(one, known) for one in several]


def _resolved(field: Schema, known: Schema) -> Schema:
    """Return a schema with what it refers to put in its place; its own words come first."""
    reference = field.get("$ref")
    if reference is None:
        return field
    there = known[reference.rpartition("/")[2]]
    return {**there, **{key: value for key, value in field.items() if key != "$ref"}}
