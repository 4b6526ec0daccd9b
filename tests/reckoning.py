"""What must be true after a storm: ledger, stores, audit log and what was told agree."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from receiver import Got
from sqlalchemy import Connection, Table, func, select
from town import SCHOOL

from service.archive.store import Copy, ObjectStore
from service.ledger import audit, copies, documents
from service.ledger.database import Database
from service.ledger.outgoing.tables import webhook_attempts as attempts
from service.ledger.tables import audit as log
from service.ledger.tables import documents as document_rows
from service.ledger.tables import jobs as job_rows
from service.ledger.tables import steps
from service.workflow.webhooks.events import Happening, happenings

FILES = "document.pdf", "document.docx", "manifest.json"
ROAD = {  # what the log must say of a document, and how often
    "order": 1,
    "awaiting-deputy": 1,
    "sign": 2,
    "awaiting-director": 1,
    "depositing": 1,
    "archived": 1,
}
MAY_BE = {"in-one-store", "depositing"}
TOLD = {  # of a document, and how often
    "document.ordered": 1,
    "document.printed": 1,
    "document.awaiting-signature": 2,
    "document.signed": 2,
    "document.archived": 1,
}


def archived_once(database: Database, store: ObjectStore, wanted: Collection[str]) -> list[Copy]:
    """Check that there is what was ordered and nothing else; return every copy, as it was read."""
    found = []
    with database.reading() as connection:
        assert audit.first_broken(connection) is None
        assert _count(connection, document_rows) == _count(connection, job_rows) == len(wanted)
        assert (
            connection.execute(select(func.count()).where(steps.c.finished_at.is_(None))).scalar()
            == 0
        ), "a step is left open"
        said: dict[str, Counter[str]] = defaultdict(Counter)
        for row in connection.execute(select(log.c.subject, log.c.action)):
            said[row.subject][row.action] += 1
        for document in wanted:
            told = {what: count for what, count in said[document].items() if what not in MAY_BE}
            assert told == {what: count for what, count in ROAD.items() if what not in MAY_BE}
            held = copies.of_document(connection, document)
            assert Counter(one.name for one in held) == dict.fromkeys(FILES, 2)
            found += [
                Copy(
                    one.store,
                    one.key,
                    one.version_id,
                    one.mode,
                    one.locked_until,
                    one.sha256,
                    one.size,
                )
                for one in held
            ]
    return [store.check(one) for one in found]


@dataclass(frozen=True)
class Told:
    """What one receiver was sent, of what it should have been."""

    events: int
    requests: int
    repeated: int  # events that came more than once
    cut: int  # attempts whose sender died


def expected(database: Database) -> dict[str, Happening]:
    """Return every event of the log, by id."""
    with database.reading() as connection:
        lines = audit.of_school(connection, SCHOOL, 0, 1_000_000)
        subjects = {one.event.subject for one in lines}
        about = {one.id: one for one in documents.by_ids(connection, subjects)}
    return {
        event.id: event
        for line in lines
        for event in happenings(line, about.get(line.event.subject))
    }


def told_truly(
    database: Database, wanted: Collection[str], sent: Iterable[Got], taken: Iterable[Got]
) -> Told:
    """Check that each event was taken at least once, and that nothing else was ever sent.

    That they are signed whoever takes them checks at once: a signature is of its moment.
    """
    events, requests = expected(database), tuple(sent)
    for one in requests:
        assert events[one.event].body == one.body.decode(), "one id, the same bytes"
    arrived = {one.event: json.loads(one.body) for one in taken}
    assert arrived.keys() == events.keys()
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for said in arrived.values():
        types[said["data"].get("document", "")][said["type"]] += 1
    for document in wanted:
        assert types[document] == TOLD
    with database.reading() as connection:
        cut = connection.execute(select(func.count()).where(attempts.c.ms.is_(None))).scalar_one()
    often = Counter(one.event for one in requests)
    return Told(len(events), len(requests), sum(count > 1 for count in often.values()), cut)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
