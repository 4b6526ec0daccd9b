"""What is asked all day: so many queries however many rows, none of which reads a whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from town import CLASS, SCHOOL, TERM, Town, another_snapshot

from service.bootstrap import outgoing
from service.domain.approving.approval import Role
from service.domain.approving.attorney import Finding
from service.domain.errors import Reason
from service.domain.webhook_rules import DeliveryState
from service.ledger import copies, documents, snapshots, standing
from service.ledger.calendar import held
from service.ledger.copies import Kept
from service.ledger.documents import Document, State
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.deliveries import Delivery
from service.ledger.printing import jobs, pace, steps, workers
from service.ledger.printing.jobs import Job
from service.ledger.printing.steps import Step
from service.ledger.repeated import idempotency
from service.ledger.signing import attorneys, detached, packages, sessions, signings
from service.ledger.signing.attorneys import Power
from service.ledger.signing.detached import Detached
from service.ledger.signing.packages import MANIFEST, Package
from service.ledger.signing.signings import Signature
from service.ledger.tables import METADATA
from service.web.http.cursors import Paged

MANY = 21
WHO = {"schools": "region", "packages": "secretary"}
HASH = "0" * 64
HOOKS = f"/v1/schools/{SCHOOL}/webhooks"
JOBS = f"/v1/schools/{SCHOOL}/jobs"
SMALL = {"workers", "chores", "schools", "schedule", "schedule_plans", "cursor_key"}
SMALL |= {"signing_parts"}  # gone with their session
GROWING = METADATA.tables.keys() - SMALL


@pytest.fixture
def crowd(quiet_town: Town) -> Town:
    """A town where there is much of everything."""
    job = quiet_town.order(quiet_town.post_snapshot())
    ask = quiet_town.ask
    hook = ask("administrator", "POST", HOOKS, json={"url": "https://8.8.8.8/", "events": []})
    assert hook.status_code == 201, hook.text
    with quiet_town.service.database.writing() as connection:
        like = documents.get(connection, str(job["document"]))
        body = snapshots.get(connection, SCHOOL, like.snapshot)
    for number in range(MANY):
        with quiet_town.service.database.writing() as connection:
            snapshots.add(connection, replace(body, id=f"s{number}", sha256=f"{number:064x}"))
            _document(connection, replace(like, id=f"d{number}", class_id=f"c{number}"))
            _package(connection, f"p{number}", like)
            _delivery(connection, f"e{number}", hook.json["id"], like)
        asked: dict[str, Any] = {"duties": ["secretary"], "description": "Журнал"}
        assert ask("administrator", "POST", "/v1/tokens", json=asked).status_code == 201
        asked = {"duties": ["secretary"], "name": "Громова", "certificate_sha256": f"{number:064x}"}
        assert ask("administrator", "POST", "/v1/accounts", json=asked).status_code == 201
        asked = {"entry": "year-end", "year": f"{2020 + number}/{2021 + number}"}
        runs_ = f"/v1/schools/{SCHOOL}/runs"
        assert ask("secretary", "POST", runs_, json=asked).status_code == 202
        assert ask("region", "POST", "/v1/schools", json={"id": f"s{number}"}).status_code == 201
        settings = {"title": f"Школа № {number}"}
        changed = ask(
            "administrator",
            "PUT",
            f"/v1/schools/{SCHOOL}/settings",
            json=settings,
            headers={"If-Match": "*"},
        )
        assert changed.status_code == 200, changed.text
    return quiet_town


def _document(connection: Any, one: Document) -> None:
    """A document put off, of two volumes, signed by power of attorney, copied and replaced."""
    at = one.created_at + timedelta(seconds=1)
    first = replace(one, volumes=2, state=State.DEPOSITING, version=1, created_at=at)
    documents.add(connection, first)
    documents.add(connection, replace(first, id=f"{one.id}-2", volume=2))
    earlier = at - timedelta(days=1)  # the newest of the list are alike
    documents.add(connection, replace(one, id=f"{one.id}-v2", version=2, created_at=earlier))
    jobs.add(connection, Job(f"j{one.id}", SCHOOL, one.id, "journal", at))
    place = (one.id, State.DEPOSITING, one.generation)
    problem = Reason("store-down", "Хранилище не отвечает.")
    steps.add(connection, Step(*place, school=SCHOOL, turn=1, due=at, problem=problem))
    signings.add(
        connection,
        Signature(one.id, Role.DEPUTY, 1, "Громова", HASH, "B-T", True, at, HASH),
    )
    found = (Finding("number", True, "Номер верный."),)
    power = Power("1", date(2026, 1, 1), date(2030, 1, 1), "", "", found)
    attorneys.add(connection, one.id, Role.DEPUTY, power, at)
    kept = Kept(one.id, "document.pdf", "A", "key", "1", "COMPLIANCE", at, HASH, 1, at)
    for store in "AB":
        copies.put(connection, replace(kept, store=store))


def _package(connection: Any, name: str, like: Document) -> None:
    at = like.created_at
    packages.add(
        connection, Package(name, SCHOOL, (like.id,), (Role.DIRECTOR,), HASH, "secretary", at)
    )
    signature = Detached(name, MANIFEST, Role.DIRECTOR, HASH, HASH, "С", HASH, "B-T", at)
    detached.add(connection, signature, None)


def _delivery(connection: Any, name: str, webhook: str, like: Document) -> None:
    at = like.created_at
    state = DeliveryState.PENDING
    made = Delivery(name, webhook, name, 1, "document.signed", "{}", state, 0, at, at)
    deliveries.add(connection, webhook, [made])
    deliveries.claim(connection, made, "w", at, at)


@contextmanager
def heard(town: Town) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile."""
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    engine = town.service.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def lists(town: Town) -> dict[str, str]:
    """Every list that goes page by page, and who may see it, by the description of the service."""
    told = town.ask(None, "GET", "/v1/openapi.json").json["paths"]
    hook = town.ask("administrator", "GET", HOOKS).json["webhooks"][0]["id"]
    found = {}
    for path, methods in told.items():
        asked = {one.get("name") for one in methods.get("get", {}).get("parameters", ())}
        if set(Paged.model_fields) <= asked:
            where = path.replace("{school}", SCHOOL).replace("{webhook}", hook)
            found[where] = WHO.get(path.rpartition("/")[2], "administrator")
    return found


def rows(answer: Any) -> list[Any]:
    (found,) = (value for value in answer.json.values() if isinstance(value, list))
    return list(found)


def plans(town: Town, said: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each statement there is a plan of, and a line of its plan."""
    engine = town.service.database.engine
    lite = engine.dialect.name == "sqlite"
    with town.service.database.reading() as connection:
        for statement, parameters in dict(said).items():
            if not re.match("SELECT|INSERT|UPDATE|DELETE", statement):
                continue
            if not lite:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
            one = parameters[0] if isinstance(parameters, list) else parameters
            for row in connection.exec_driver_sql(f"{explain} {statement}", one):
                yield statement, str(row[-1]).strip()


def test_nothing_asked_all_day_reads_a_whole_table(crowd: Town) -> None:
    at, ask, service = crowd.clock(), crowd.ask, crowd.service
    newer = crowd.post_snapshot(another_snapshot())
    paths = lists(crowd)
    with heard(crowd) as said:
        for path, who in paths.items():
            cursor = ask(who, "GET", f"{path}?limit=1").json["next"]
            ask(who, "GET", f"{path}?limit=20&cursor={cursor}")
        for query in ("state=depositing", "latest=true", "class=c1"):
            assert rows(ask("journal", "GET", f"/v1/documents?{query}"))
        order = {"snapshot": newer, "kind": "class-results", "class": CLASS, "term": TERM}
        job = ask("journal", "POST", JOBS, json=order, headers={"Idempotency-Key": "k"}).json["id"]
        for path in (f"/v1/jobs/{job}", "/v1/documents/d1", "/v1/documents/d1/copies"):
            assert ask("journal", "GET", path).status_code == 200
        with service.database.writing() as connection:
            pace.pace(connection, 1, 30)
            steps.overdue(connection, at)
            steps.begin(connection, "d1", State.DEPOSITING, 2, at)
            steps.progress(connection, "d1", State.RENDERING, 1, steps.Stage(1, "…"))
            workers.living(connection, 30)
            held.to_look_at(connection, "nobody", at, 10)
            held.to_pull(connection, "nobody", at, 10)
            webhooks.with_news(connection)
            webhooks.awake(connection, at, 10)
            deliveries.under_way(connection, at)
            deliveries.forget(connection, at - timedelta(days=90), 10)
            idempotency.purge(connection, at)
            sessions.spent(connection, at)
            standing.waiting(connection, at)
            standing.in_the_way(connection)
        outgoing.couriers(crowd.settings, service.database, crowd.clock).hand_out((), 5)
    wrong = []
    for statement, line in plans(crowd, said):
        found = re.match(r"SCAN (?:TABLE )?(\w+)|.*Seq Scan on (\w+)", line)
        whole = found is not None and (found[1] or found[2]) in GROWING
        page = statement.endswith("LIMIT ? OFFSET ?") and "FROM schools" not in statement
        if whole or (page and line == "USE TEMP B-TREE FOR ORDER BY"):
            wrong.append((line, statement))
    assert wrong == []


def test_a_page_takes_so_many_queries_however_long_it_is(crowd: Town) -> None:
    paths = lists(crowd)
    assert {f"/v1/schools/{SCHOOL}/jobs", "/v1/documents"} < paths.keys()
    for path, who in paths.items():
        crowd.ask(who, "GET", f"{path}?limit=1")  # the key of cursors is read once
        counts = {}
        for limit in (1, 20):
            with heard(crowd) as said:
                answer = crowd.ask(who, "GET", f"{path}?limit={limit}")
            assert (answer.status_code, len(rows(answer))) == (200, limit), (path, answer.text)
            counts[limit] = len(said)
        assert counts[1] == counts[20], path
