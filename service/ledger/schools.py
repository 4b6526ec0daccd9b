"""Schools and the versions of their settings: the newest counts, none is ever overwritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from service.domain.errors import Conflict
from service.ledger.pages import Page, newest
from service.ledger.school_tables import school_settings, schools


class SettingsMoved(Conflict):
    """Somebody else changed the settings since they were read."""

    code = "settings-changed"
    title = "Настройки школы уже изменились"


@dataclass(frozen=True, slots=True)
class Version:
    """A school's settings as somebody left them: the keys that were named, in JSON's types.

    Version 0 holds nothing: the school is in the settings file only.
    """

    school: str
    number: int
    settings: Mapping[str, Any]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Founded:
    """A school as lists show it: since when it is known, and its settings."""

    at: datetime
    version: Version


def register(connection: Connection, names: Iterable[str], by: str, at: datetime) -> None:
    """Note schools of the settings file that are not known yet."""
    wanted = set(names)
    known = connection.execute(select(schools.c.id).where(schools.c.id.in_(wanted))).scalars()
    rows = [
        {"id": name, "version": 0, "created_by": by, "created_at": at}
        for name in sorted(wanted - set(known))
    ]
    if rows:
        connection.execute(insert(schools), rows)


def find(connection: Connection, school: str) -> Version | None:
    """Return the settings of a school that count, or None if the ledger does not know it."""
    row = connection.execute(_newest().where(schools.c.id == school)).one_or_none()
    return None if row is None else _version(row)


def write(connection: Connection, made: Version) -> None:
    """Add a version, the next after the one it was made from, or raise SettingsMoved."""
    if made.number == 1:
        register(connection, [made.school], made.changed_by, made.changed_at)
    done = connection.execute(
        update(schools)
        .where(schools.c.id == made.school, schools.c.version == made.number - 1)
        .values(version=made.number)
    )
    if done.rowcount != 1:
        raise SettingsMoved("Настройки тем временем изменил кто-то другой: прочтите их заново.")
    connection.execute(
        insert(school_settings).values(
            school=made.school,
            version=made.number,
            settings=dict(made.settings),
            changed_by=made.changed_by,
            changed_at=made.changed_at,
        )
    )


def listed(connection: Connection, fixed: Collection[str], page: Page) -> tuple[Founded, ...]:
    """Return schools that have settings here or are among `fixed`, the newest first, one page."""
    known = _newest().where(or_(schools.c.version > 0, schools.c.id.in_(fixed)))
    rows = connection.execute(newest(known, schools.c.created_at, schools.c.id, page))
    return tuple(Founded(row.created_at, _version(row)) for row in rows)


def history(
    connection: Connection, school: str, before: int | None, limit: int
) -> tuple[Version, ...]:
    """Return versions of a school's settings, newest first, from below `before` if it is given."""
    chosen = select(school_settings).where(school_settings.c.school == school)
    if before is not None:
        chosen = chosen.where(school_settings.c.version < before)
    latest = chosen.order_by(school_settings.c.version.desc()).limit(limit)
    return tuple(Version(*row) for row in connection.execute(latest))


def _newest() -> Any:
    counts = and_(
        school_settings.c.school == schools.c.id, school_settings.c.version == schools.c.version
    )
    return select(
        schools,
        school_settings.c.settings,
        school_settings.c.changed_by,
        school_settings.c.changed_at,
    ).outerjoin_from(schools, school_settings, counts)


def _version(row: Row[Any]) -> Version:
    return Version(
        school=row.id,
        number=row.version,
        settings=row.settings or {},
        changed_by=row.changed_by or row.created_by,
        changed_at=row.changed_at or row.created_at,
    )
