"""Routes that take journals: snapshots, as they were sent."""

from __future__ import annotations

from flask import request

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.ledger import snapshots
from service.ledger.files import Arrived
from service.web.documents.models import SnapshotsTold, SnapshotTold
from service.web.documents.told import snapshot_listed, snapshot_told
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.operations import JSON, Answer, Operation


class Snapshots:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        school = "/v1/schools/<school>"
        return (
            Operation(
                "POST",
                f"{school}/snapshots",
                Right.SUBMIT,
                self.accept,
                "Принять снимок журнала",
                {201: SnapshotTold, 200: SnapshotTold},
                takes=JSON,
                arriving=self.service.files.arriving,
                limit=self.service.settings.web.body_limit,
            ),
            Operation(
                "GET",
                f"{school}/snapshots/<snapshot>",
                Right.READ,
                self.snapshot,
                "Принятый снимок",
                {200: SnapshotTold},
            ),
            Operation(
                "GET",
                f"{school}/snapshots",
                Right.READ,
                self.listed,
                "Снимки школы, новые первыми",
                {200: SnapshotsTold},
                query=Paged,
            ),
        )

    def accept(self, school: str, caller: Caller, body: Arrived) -> Answer:
        """Keep a snapshot."""
        caller.at(school)
        accepted = self.service.accept(school, body, caller.id, self.service.clock())
        told = snapshot_told(accepted.row)
        where = f"/v1/schools/{school}/snapshots/{told.id}"
        return Answer(told, 201 if accepted.new else 200, {"Location": where})

    def snapshot(self, school: str, snapshot: str, caller: Caller) -> Answer:
        """Tell about a snapshot."""
        caller.at(school)
        with self.service.database.reading() as connection:
            found = snapshots.get(connection, school, snapshot)
        return Answer(snapshot_told(snapshots.of_classes(found, caller.classes)))

    def listed(self, school: str, caller: Caller, query: Paged) -> Answer:
        """List snapshots."""
        caller.at(school)
        page = self.cursors.page(request, query, school)
        with self.service.database.reading() as connection:
            found = snapshots.of_school(connection, school, page)
        cut = self.cursors.cut(request, query, school, found, lambda one: (one.accepted_at, one.id))
        told = [snapshot_listed(snapshots.of_classes(one, caller.classes)) for one in cut.rows]
        return Answer(SnapshotsTold(snapshots=told, next=cut.next), headers=cut.headers)
