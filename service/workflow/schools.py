"""A school's settings as they are now: the file fixes what it names, the ledger has the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from service.documents.school_settings import SchoolSettings, named
from service.domain.errors import Conflict, Missing
from service.domain.intake.complaints import faults, pointer
from service.ledger import schools
from service.ledger.database import Database
from service.ledger.files import sha256
from service.ledger.schools import Version

Named = Mapping[str, Any]  # settings by key in JSON's types: those somebody named


class SchoolMissing(Missing):
    """Neither the settings file nor the ledger knows the school."""

    code = "school-missing"
    title = "Школа не найдена"


class SettingsContradict(Conflict):
    """The file fixes something that does not go with what the ledger has."""

    code = "settings-contradict"
    title = "Настройки школы противоречат друг другу"


class Source(StrEnum):
    """Where a setting comes from."""

    FILE = "file"
    LEDGER = "ledger"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Configured:
    """A school's settings and where each comes from, by RFC 6901 pointer.

    `version` counts changes in the ledger, 0 before the first.
    """

    school: str
    version: int
    settings: SchoolSettings
    sources: Mapping[str, Source]

    @property
    def edition(self) -> str:
        """A hash that changes with whatever is told of the settings."""
        told = [self.school, self.version, self.settings.model_dump(mode="json"), self.sources]
        return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode())


@dataclass(frozen=True, slots=True)
class Schools:
    """Knows the settings of every school as they are at this moment.

    They are read from the ledger each time: a change is seen by every process at once, and a
    thousand schools take no more memory than one.
    """

    database: Database
    file: Mapping[str, SchoolSettings]

    def __call__(self, school: str) -> SchoolSettings:
        """Return a school's settings; raises SchoolMissing, SettingsContradict."""
        with self.database.reading() as connection:
            return self.within(connection, school)

    def within(self, connection: Connection, school: str) -> SchoolSettings:
        """Return a school's settings as a transaction sees them."""
        return self.put_together(self.written(connection, school))

    def configured(self, connection: Connection, school: str) -> Configured:
        """Return a school's settings and where each comes from."""
        return self.told(self.written(connection, school))

    def told(self, version: Version) -> Configured:
        """Return the settings that a version in the ledger and the file make together."""
        settings = self.put_together(version)
        fixed = self.fixed(version.school)
        sources = {
            pointer(place): _source(place, fixed, version.settings)
            for place, _ in leaves(settings.model_dump(mode="json"))
        }
        return Configured(version.school, version.number, settings, sources)

    def written(self, connection: Connection, school: str) -> Version:
        """Return what the ledger has of a school that is known; raises SchoolMissing."""
        found = schools.find(connection, school)
        if found is None or (found.number == 0 and school not in self.file):
            raise SchoolMissing(f"Школы {school} нет: проверьте адрес.")
        return found

    def title(self, version: Version) -> str:
        """Return what a school is called in lists; empty if nobody named it."""
        return str(layered(version.settings, self.fixed(version.school)).get("title", ""))

    def fixed(self, school: str) -> Named:
        """Return the keys that the file names for a school."""
        return named(self.file[school]) if school in self.file else {}

    def put_together(self, version: Version) -> SchoolSettings:
        """Return the settings of a version under what the file fixes."""
        fixed = self.file.get(version.school)
        if fixed is not None and not version.settings:
            return fixed
        whole = layered(version.settings, self.fixed(version.school))
        try:
            return SchoolSettings.model_validate(whole)
        except ValidationError as error:
            wrong = faults(error.errors(include_url=False, include_input=False))
            reasons = " ".join(one.message for one in wrong)
            raise SettingsContradict(
                f"Настройки школы в базе и в файле настроек не годятся вместе. {reasons} Исправьте "
                "файл или передайте другие настройки с заголовком If-Match: *."
            ) from None


def layered(under: Named, over: Named) -> dict[str, Any]:
    """Return settings with those of `over` in place of those of `under`; lists go as a whole."""
    whole = dict(under)
    for key, value in over.items():
        below = whole.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        whole[key] = layered(below, value) if both else value  # type: ignore[arg-type]
    return whole


def leaves(group: Named, *place: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every key that is no group, with its value."""
    for key, value in group.items():
        if isinstance(value, Mapping):
            yield from leaves(value, *place, key)
        else:
            yield (*place, key), value


def _source(place: tuple[str, ...], fixed: Named, written: Named) -> Source:
    if _names(fixed, place):
        return Source.FILE
    return Source.LEDGER if _names(written, place) else Source.DEFAULT


def _names(group: Named, place: tuple[str, ...]) -> bool:
    key, *rest = place
    if key not in group:
        return False
    return not rest or _names(group[key], tuple(rest))
