"""Somebody founds a school or changes its settings: checked whole, kept as a version, logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from service.documents.options import require_check_address
from service.documents.school_settings import SchoolSettings, named
from service.domain.errors import Conflict, Fault, Rejected
from service.domain.intake.complaints import faults, pointer
from service.ledger import audit, schools
from service.ledger.calendar import runs, schedule
from service.ledger.database import Database
from service.ledger.schools import SettingsMoved, Version
from service.workflow.schools import Configured, Named, Schools, layered, leaves

ABSENT = object()


class SchoolExists(Conflict):
    """There is a school of this id already."""

    code = "school-exists"
    title = "Такая школа уже есть"


class SettingsRefused(Rejected):
    """The settings change what the file fixes, or do not go with it."""

    code = "settings-refused"
    title = "Настройки школы не приняты"


@dataclass(frozen=True, slots=True)
class Configure:
    """Changes settings of schools; what a document was ordered with stays with it."""

    database: Database
    schools: Schools
    public_url: str | None = None  # for QR codes

    def found(self, school: str, wanted: SchoolSettings, by: str, at: datetime) -> Configured:
        """Write a new school down, or raise SchoolExists."""
        with self.database.writing() as connection:
            known = schools.find(connection, school)
            if school in self.schools.file or (known is not None and known.number):
                raise SchoolExists(f"Школа {school} уже есть: меняйте её настройки.")
            return self._written(connection, Version(school, 0, {}, by, at), wanted, by, at)

    def __call__(
        self,
        school: str,
        wanted: SchoolSettings,
        seen: Callable[[Configured], bool] | None,
        by: str,
        at: datetime,
    ) -> Configured:
        """Put the keys somebody names in place of all that were named before; the same change
        nothing.

        `seen` says whether the settings as they are now are those the change was made from; None:
        whatever they are.
        Raises SchoolMissing, SettingsMoved, SettingsRefused, CheckAddressMissing.
        """
        with self.database.writing() as connection:
            version = self.schools.written(connection, school)
            if seen is not None and not seen(self.schools.told(version)):
                raise SettingsMoved(
                    "Настройки изменились с тех пор, как вы их прочли: прочтите их заново."
                )
            return self._written(connection, version, wanted, by, at)

    def _written(
        self,
        connection: Connection,
        before: Version,
        wanted: SchoolSettings,
        by: str,
        at: datetime,
    ) -> Configured:
        school, fixed = before.school, self.schools.fixed(before.school)
        _require_fixed(named(wanted), fixed)
        own = _without(named(wanted), fixed)
        whole = _whole(layered(own, fixed))
        require_check_address(whole.options, self.public_url)
        if before.number and own == before.settings:
            return self.schools.told(before)
        made = Version(school, before.number + 1, own, by, at)
        schools.write(connection, made)
        schedule.disturb(connection, school, at)
        runs.wake(connection, school, at)
        details = {"version": made.number, "changed": changes(before.settings, own)}
        audit.append(connection, audit.Event(at, school, school, by, "configure", details))
        return self.schools.told(made)


def changes(before: Named, after: Named) -> list[str]:
    """Return the RFC 6901 pointers of settings that differ, added and removed ones too."""
    one, two = dict(leaves(before)), dict(leaves(after))
    places = sorted({*one, *two})
    return [pointer(at) for at in places if one.get(at, ABSENT) != two.get(at, ABSENT)]


def _require_fixed(wanted: Named, fixed: Named) -> None:
    said = dict(leaves(fixed))
    wrong = [
        Fault(
            pointer(place),
            "fixed-by-file",
            f"Поле «{place[-1]}» задано в файле настроек службы: уберите его отсюда или "
            "попросите исправить файл.",
        )
        for place, value in leaves(wanted)
        if place in said and said[place] != value
    ]
    if wrong:
        raise SettingsRefused("Часть настроек задана в файле и отсюда не меняется.", tuple(wrong))


def _whole(whole: Mapping[str, Any]) -> SchoolSettings:
    try:
        return SchoolSettings.model_validate(whole)
    except ValidationError as error:
        wrong = faults(error.errors(include_url=False, include_input=False))
        message = "Вместе с тем, что задано в файле настроек, это не годится."
        raise SettingsRefused(message, tuple(wrong)) from None


def _without(wanted: Named, fixed: Named) -> dict[str, Any]:
    """Return settings without those the file names; an empty group says nothing."""

    def kept() -> Iterator[tuple[str, Any]]:
        for key, value in wanted.items():
            over = fixed.get(key, ABSENT)
            if isinstance(value, Mapping):
                rest = _without(value, over if isinstance(over, Mapping) else {})
                if rest:
                    yield key, rest
            elif over is ABSENT:
                yield key, value

    return dict(kept())
