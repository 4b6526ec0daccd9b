"""One TOML file and the environment, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from service.domain.errors import Rejected, why
from service.domain.intake.complaints import COMPLAINTS, TYPES, firsthand
from service.settings.frozen import Frozen
from service.settings.model import Settings

PREFIX = "VEDOMOST_"
ADMIN_KEYS = tuple(  # of buckets; the service itself never needs them
    f"ADMIN_{store}_{key}"
    for store in ("PRIMARY", "REPLICA", "WORKING")
    for key in ("ACCESS_KEY", "SECRET_KEY")
)
OUTSIDE = frozenset({"SETTINGS", "PASSPHRASE", "PIN", "TOKEN", *ADMIN_KEYS})  # read by commands
SAID: Mapping[str, str] = MappingProxyType(
    {
        **TYPES,
        "extra_forbidden": "неизвестный ключ, проверьте написание",
        "missing": "обязательный ключ не задан",
        "int_parsing": "нужно целое число",
        "int_from_float": "нужно целое число",
        "float_parsing": "нужно число",
        "float_type": "нужно число",
        "bool_parsing": "нужно true или false",
        "ip_v4_network": "нужна сеть или адрес: 10.20.0.0/16, 10.20.0.5",
        "ip_v6_network": "нужна сеть или адрес: 10.20.0.0/16, 10.20.0.5",
        "path_type": "нужен путь: строка в кавычках",
        "dict_type": "нужна таблица",
        "model_type": "нужна таблица",
        "model_attributes_type": "нужна таблица",
        "list_type": "нужен список [ … ]",
        "frozen_set_type": "нужен список [ … ]",
        "union_tag_not_found": "обязательный ключ kind не задан: bucket или folder",
        "union_tag_invalid": "ключ kind — bucket или folder",
    }
)
FROM_FILE = "_FILE"  # an environment variable that names a file with the value, as Docker's secrets


class SettingsWrong(Rejected):
    """The settings name something unknown or hold a wrong value; nothing starts."""

    code = "settings-wrong"
    title = "Настройки не приняты"


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read a settings file; `VEDOMOST_A__B` in the environment replaces key `a.b` of the file.

    `VEDOMOST_A__B_FILE` names a file that holds the value.

    Whatever is wrong raises SettingsWrong with the keys' names and never with a value.
    """
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsWrong(f"Файл настроек {path} не читается: {why(error)}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"Файл настроек {path} — не TOML в UTF-8: {error}.") from None
    for name, value in sorted(environment.items()):
        key = name.removeprefix(PREFIX)
        if key != name and key not in OUTSIDE:
            told = _contents(name, value) if key.endswith(FROM_FILE) else value
            parts = key.removesuffix(FROM_FILE).split("__")
            _put(whole, [part.lower() for part in parts], told)
    for group, field in Settings.model_fields.items():
        if isinstance(field.default, Frozen):  # so that defaults too are of the file's folder
            whole.setdefault(group, {})
    try:
        return Settings.model_validate(whole, context=path.resolve().parent)
    except ValidationError as error:
        raise SettingsWrong(_told(path, error)) from None


def secret_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the files the environment names for single keys."""
    return tuple(
        Path(value)
        for name, value in sorted(environment.items())
        if name.startswith(PREFIX) and name.endswith(FROM_FILE)
        if name.removeprefix(PREFIX) not in OUTSIDE
    )


def _contents(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsWrong(f"{name}: файл {path} не читается.") from None


def _put(whole: dict[str, Any], keys: list[str], value: str) -> None:
    here: Any = whole
    for key in keys[:-1]:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            raise SettingsWrong(
                f"{PREFIX}{'__'.join(keys).upper()}: такого ключа нет в настройках."
            )
    here[keys[-1]] = value


def _told(path: Path, error: ValidationError) -> str:
    lines = dict.fromkeys(
        f"{'.'.join(_key(one['loc'])) or 'настройки'}: {_reason(one)}"
        for one in firsthand(error.errors(include_url=False, include_input=False))
    )
    return f"Файл настроек {path} не принят:\n" + "\n".join(f"  {line}" for line in lines)


def _key(place: tuple[int | str, ...]) -> Iterator[str]:
    """Yield the keys of a place, without what pydantic says of the validators it tried."""
    return (str(part) for part in place if "[" not in str(part))


def _reason(one: Mapping[str, Any]) -> str:
    kind: str = one["type"]
    if kind == "value_error":
        return str(one["msg"]).removeprefix("Value error, ")
    if kind in SAID:
        return SAID[kind]
    _, complaint = COMPLAINTS.get(kind, ("", lambda _: "недопустимое значение"))
    told: str = complaint(one.get("ctx", {}))
    return told
