"""Schools, their settings and how these came about, as they go over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from service.documents.school_settings import SchoolId, SchoolSettings
from service.web.http.models import Asked, Told
from service.workflow.schools import Source


class SchoolAsked(Asked):
    """Serve one more school; what `settings` leave out has its default."""

    id: SchoolId
    settings: SchoolSettings = SchoolSettings()


class SchoolTold(Told):
    """A school; `version` counts the changes of its settings here.

    `in_file`: the settings file names it too, and what it fixes there cannot be changed here.
    """

    id: str
    title: str
    version: int
    in_file: bool


class SchoolsTold(Told):
    """Schools, the newest first."""

    schools: list[SchoolTold]
    next: str | None


class SettingsTold(Told):
    """A school's settings as they are now.

    `from` says of each key, by its pointer, whether the settings `file` fixes it, the `ledger`
    has it or nobody named it. Change what is in `settings` and send it back with PUT.
    """

    school: str
    version: int
    settings: SchoolSettings
    from_: Annotated[dict[str, Source], Field(serialization_alias="from")]


class SettingsVersion(Told):
    """One change: the keys it `changed`, and all that were named then (`settings`)."""

    version: int
    changed_by: str
    changed_at: datetime
    changed: list[str]
    settings: dict[str, Any]


class SettingsHistory(Told):
    """Every version of a school's settings, the newest first."""

    versions: list[SettingsVersion]
    next: str | None
