"""Routes of copies: what lies where, locked until when; read back now if asked."""

from __future__ import annotations

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.ledger import copies
from service.ledger.documents import State
from service.web.documents.copy_models import CopiesChecked, CopiesTold, CopyChecked, FileCopies
from service.web.documents.seen import seen
from service.web.documents.told import copy_told
from service.web.http.access import Caller
from service.web.http.operations import Answer, Operation
from service.workflow.keeping.archived import by_file
from service.workflow.verifying import layers


class Copies:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        path = "/v1/documents/<document>/copies"
        return (
            Operation(
                "GET",
                path,
                Right.READ,
                self.listed,
                "Где лежат файлы документа и до какого времени закрыты",
                {200: CopiesTold},
            ),
            Operation(
                "POST",
                f"{path}/check",
                Right.READ,
                self.check,
                "Прочесть обе копии заново и сверить",
                {200: CopiesChecked},
            ),
        )

    def listed(self, document: str, caller: Caller) -> Answer:
        """Tell what lies where."""
        with self.service.database.reading() as connection:
            found = seen(connection, document, caller)
            held = copies.of_document(connection, document)
        files = [
            FileCopies(
                name=same[0].name,
                size=same[0].size,
                sha256=same[0].sha256,
                streebog256=same[0].streebog256,
                copies=[copy_told(one) for one in same],
            )
            for same in by_file(held)
        ]
        archived = found.state is State.ARCHIVED
        return Answer(CopiesTold(document=document, archived=archived, files=files))

    def check(self, document: str, caller: Caller) -> Answer:
        """Read every copy again."""
        with self.service.database.reading() as connection:
            seen(connection, document, caller)
        now = self.service.clock()
        checked = self.service.check_copies(document, caller.id, now)
        told = [CopyChecked.model_validate(layers.copy(one)) for one in checked.copies]
        return Answer(
            CopiesChecked(document=document, checked_at=now, valid=checked.valid, copies=told)
        )
