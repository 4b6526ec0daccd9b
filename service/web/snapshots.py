"""Routes that take journals: snapshots, as they were sent."""

from __future__ import annotations

from service.bootstrap.serving import Service
from service.domain.rights import Right
from service.ledger import snapshots
from service.web.access import Caller
from service.web.models import SnapshotTold
from service.web.operations import JSON, Answer, Operation
from service.web.told import snapshot_told


class Snapshots:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service

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
        )

    def accept(self, school: str, caller: Caller, body: bytes) -> Answer:
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
