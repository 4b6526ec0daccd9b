"""Routes of schools: which there are, their settings, who changed these and when."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import request

from service.bootstrap.serving import Service
from service.documents.school_settings import SchoolSettings
from service.domain.access.rights import REGION, Right
from service.ledger import schools
from service.ledger.schools import Version
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.operations import Answer, Operation
from service.web.http.problems import Forbidden, Unconditional
from service.web.runs.calendar import require_known
from service.web.schools.models import (
    SchoolAsked,
    SchoolsTold,
    SchoolTold,
    SettingsHistory,
    SettingsTold,
    SettingsVersion,
)
from service.workflow.configure import changes
from service.workflow.schools import Configured


class Schools:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        settings = "/v1/schools/<school>/settings"
        return (
            Operation(
                "GET",
                "/v1/schools",
                Right.READ,
                self.listed,
                "Школы, которые видит токен, новые первыми",
                {200: SchoolsTold},
                query=Paged,
            ),
            Operation(
                "POST",
                "/v1/schools",
                Right.CONFIGURE,
                self.found,
                "Завести школу",
                {201: SettingsTold},
                asked=SchoolAsked,
            ),
            Operation(
                "GET",
                settings,
                Right.READ,
                self.settings,
                "Настройки школы и откуда каждая взялась",
                {200: SettingsTold},
            ),
            Operation(
                "PUT",
                settings,
                Right.CONFIGURE,
                self.change,
                "Изменить настройки школы: прежние остаются в истории",
                {200: SettingsTold},
                asked=SchoolSettings,
                compares=False,
            ),
            Operation(
                "GET",
                f"{settings}/history",
                Right.READ,
                self.history,
                "Кто, когда и что менял в настройках школы",
                {200: SettingsHistory},
                query=Paged,
            ),
        )

    def listed(self, caller: Caller, query: Paged) -> Answer:
        """List the schools a caller sees."""
        page = self.cursors.page(request, query, caller.school)
        known = self.service.schools
        with self.service.database.reading() as connection:
            if caller.school != REGION:
                own = self._told(known.written(connection, caller.school))
                return Answer(SchoolsTold(schools=[own], next=None))
            found = schools.listed(connection, known.file, page)
        cut = self.cursors.cut(
            request, query, caller.school, found, lambda one: (one.at, one.version.school)
        )
        told = [self._told(one.version) for one in cut.rows]
        return Answer(SchoolsTold(schools=told, next=cut.next), headers=cut.headers)

    def found(self, caller: Caller, asked: SchoolAsked) -> Answer:
        """Serve one more school."""
        if caller.school != REGION:
            raise Forbidden("Школы заводит администратор всех школ: обратитесь к нему.")
        require_known(asked.settings.calendar, self.service.kinds, "/settings/calendar")
        made = self.service.configure.found(
            asked.id, asked.settings, caller.id, self.service.clock()
        )
        return _settings(made, 201, {"Location": f"/v1/schools/{asked.id}/settings"})

    def settings(self, school: str, caller: Caller) -> Answer:
        """Tell a school's settings."""
        caller.at(school)
        with self.service.database.reading() as connection:
            return _settings(self.service.schools.configured(connection, school))

    def change(self, school: str, caller: Caller, asked: SchoolSettings) -> Answer:
        """Change a school's settings, if they are still those somebody read."""
        caller.at(school)
        require_known(asked.calendar, self.service.kinds, "/calendar")
        tags = request.if_match
        if not tags:
            raise Unconditional(
                "Прочтите настройки и пришлите их ETag в заголовке If-Match: так чужое изменение "
                "не пропадёт."
            )
        return _settings(
            self.service.configure(
                school,
                asked,
                None if tags.star_tag else lambda now: tags.contains(now.edition),
                caller.id,
                self.service.clock(),
            )
        )

    def history(self, school: str, caller: Caller, query: Paged) -> Answer:
        """Tell every version of a school's settings."""
        caller.at(school)
        page = self.cursors.page(request, query, school)
        before = int(page.after[1]) if page.after else None
        with self.service.database.reading() as connection:
            self.service.schools.written(connection, school)
            found = schools.history(connection, school, before, query.limit + 1)
        cut = self.cursors.cut(
            request, query, school, found, lambda one: (one.changed_at, str(one.number))
        )
        older = [*(one.settings for one in found[1:]), {}]
        told = [
            SettingsVersion(
                version=one.number,
                changed_by=one.changed_by,
                changed_at=one.changed_at,
                changed=changes(before_it, one.settings),
                settings=dict(one.settings),
            )
            for one, before_it in zip(cut.rows, older, strict=False)
        ]
        return Answer(SettingsHistory(versions=told, next=cut.next), headers=cut.headers)

    def _told(self, version: Version) -> SchoolTold:
        return SchoolTold(
            id=version.school,
            title=self.service.schools.title(version),
            version=version.number,
            in_file=version.school in self.service.schools.file,
        )


def _settings(
    found: Configured, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})
) -> Answer:
    told = SettingsTold(
        school=found.school,
        version=found.version,
        settings=found.settings,
        from_=dict(found.sources),
    )
    return Answer(told, status, {"ETag": f'"{found.edition}"', **headers})
