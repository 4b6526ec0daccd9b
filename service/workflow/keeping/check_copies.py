"""Copies are read back out of their stores: is each still what was put there, locked as it was?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.archive.store import Copy, ObjectStore, StoreLies
from service.domain.errors import Conflict, Missing, ServiceError
from service.domain.outcomes import together
from service.ledger import audit, copies, documents
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import State


class NotDeposited(Conflict):
    """No store holds anything of the document yet."""

    code = "not-deposited"
    title = "Документа ещё нет в архиве"


@dataclass(frozen=True, slots=True)
class CopyReport:
    """A copy read again now; `good` is None where the store did not answer, `problem` says why."""

    kept: Kept
    problem: ServiceError | None
    good: bool | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What every copy of a document was found to be; `archived` once both stores have taken it."""

    copies: tuple[CopyReport, ...]
    archived: bool

    @property
    def valid(self) -> bool | None:
        """Whether both stores hold all of it; None: a store is silent or still without it."""
        waiting = () if self.archived else (None,)
        return together((*(one.good for one in self.copies), *waiting))


@dataclass(frozen=True, slots=True)
class CheckCopies:
    """Reads copies by their versions: bytes, mode and date; checking twice harms nothing."""

    database: Database
    store: ObjectStore

    def __call__(self, document: str, by: str, at: datetime) -> Checked:
        """Check every copy of a document, note when, and log what was found of which."""
        with self.database.reading() as connection:
            found = documents.get(connection, document)
            held = copies.of_document(connection, document)
        if not held:
            raise NotDeposited("Сверять нечего: документ ещё не подписан всеми или не сохранён.")
        checked = Checked(self.again(held, at), found.state is State.ARCHIVED)
        details = {
            "good": sum(one.good is True for one in checked.copies),
            "silent": sum(one.good is None for one in checked.copies),
            "wrong": [
                {"name": one.kept.name, "store": one.kept.store}
                for one in checked.copies
                if one.good is False
            ],
        }
        event = audit.Event(at, found.school, document, by, "check-copies", details)
        with self.database.writing() as connection:
            audit.append(connection, event)
        return checked

    def again(self, held: Iterable[Kept], at: datetime) -> tuple[CopyReport, ...]:
        """Check copies and note when those that are right were read."""
        checked = tuple(self._again(one, at) for one in held)
        with self.database.writing() as connection:
            for one in checked:
                if one.good:
                    copies.note(connection, one.kept)
        return checked

    def _again(self, kept: Kept, at: datetime) -> CopyReport:
        copy = Copy(
            store=kept.store,
            key=kept.key,
            version_id=kept.version_id,
            mode=kept.mode,
            locked_until=kept.locked_until,
            sha256=kept.sha256,
            size=kept.size,
        )
        try:
            now = self.store.check(copy)
        except (StoreLies, Missing) as error:
            return CopyReport(kept, error, good=False)
        except ServiceError as error:
            return CopyReport(kept, error, good=None)
        return CopyReport(kept.seen(now.mode, now.locked_until, at), None, good=True)
