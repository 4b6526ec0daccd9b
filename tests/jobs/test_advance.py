"""What ends a step, what puts it off, and who loses a race."""

from __future__ import annotations

from dataclasses import replace
from threading import Timer

import pytest
from sqlalchemy import select
from town import Town

from service.archive.store import StoreUnavailable
from service.domain.errors import Reason
from service.jobs import engine
from service.jobs.advance import CRASHES, STARTS, Advance, Clock, Sweeper
from service.jobs.pool import PoolClosed, ProcessDied
from service.ledger import documents
from service.ledger.database import DatabaseUnavailable
from service.ledger.documents import Overtaken, State
from service.ledger.printing import steps
from service.ledger.tables import steps as step_rows


def busy(town: Town, error: Exception) -> Advance:
    def fail(document: str, clock: Clock) -> None:
        raise error

    return replace(town.advance, work={State.RENDERING: fail})


def run(town: Town, advance: Advance, document: str) -> None:
    with town.service.database.reading() as connection:
        step = steps.latest(connection, document)
    assert step is not None
    advance(document, step.state, step.generation)


@pytest.fixture
def document(quiet_town: Town) -> str:
    return str(quiet_town.order(quiet_town.post_snapshot())["document"])


def test_passing_trouble_is_retried_ever_later(quiet_town: Town, document: str) -> None:
    advance = busy(quiet_town, StoreUnavailable("диск не подключён"))
    waits = []
    for _ in range(5):
        run(quiet_town, advance, document)
        with quiet_town.service.database.reading() as connection:
            step = steps.latest(connection, document)
        assert step is not None
        assert step.problem == Reason("store-unavailable", "диск не подключён")
        waits.append(round((step.due - quiet_town.clock()).total_seconds(), 1))
    assert waits == [0.2, 0.4, 0.8, 1.0, 1.0]
    assert quiet_town.document(document)["state"] == "rendering"
    quiet_town.clock.pass_by(seconds=1)
    quiet_town.work()
    assert quiet_town.document(document)["state"] == "awaiting-deputy"


def test_what_a_step_came_to_is_written_once_the_database_is_back(
    quiet_town: Town, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.jobs.advance.AGAIN", 0.1)
    database = quiet_town.service.database

    def rename(table: str, name: str) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")

    def fail(_document: str, _clock: Clock) -> None:
        rename("steps", "away")
        back.start()
        raise StoreUnavailable("диск не подключён")

    advance = replace(quiet_town.advance, work={State.RENDERING: fail})
    back = Timer(0.5, rename, ("away", "steps"))
    run(quiet_town, advance, document)
    with database.reading() as connection:
        step = steps.latest(connection, document)
    assert step is not None
    assert step.problem == Reason("store-unavailable", "диск не подключён")
    quiet_town.clock.pass_by(seconds=1)
    back = Timer(0.5, rename, ("away", "steps"))
    with pytest.raises(DatabaseUnavailable):
        run(quiet_town, replace(advance, go_on=lambda: False), document)
    back.join()


def test_what_a_stopping_worker_interrupts_is_given_back_at_once(
    quiet_town: Town, document: str
) -> None:
    run(quiet_town, busy(quiet_town, PoolClosed("останавливается")), document)
    with quiet_town.service.database.reading() as connection:
        step = steps.latest(connection, document)
    assert step is not None
    assert (step.generation, step.due, step.tries, step.problem) == (2, quiet_town.clock(), 0, None)
    dispatcher = quiet_town.service.dispatcher
    name = engine.workflow_id(document, State.RENDERING, 2)
    assert dispatcher.missing({name}, set()) == set(), "anybody may take it, without a delay"
    jobs = dispatcher.client.list_workflows(workflow_ids=[name], load_input=False)
    assert [one.status for one in jobs] == ["ENQUEUED"]
    quiet_town.work()
    assert quiet_town.document(document)["state"] == "awaiting-deputy"


def test_document_that_kills_its_process_is_given_up(quiet_town: Town, document: str) -> None:
    advance = busy(quiet_town, ProcessDied("процесс печати завершился"))
    for _ in range(CRASHES):
        run(quiet_town, advance, document)
    told = quiet_town.document(document)
    assert (told["state"], told["problem"]["code"]) == ("failed", "worker-lost")


def test_worker_that_dies_again_and_again_gives_the_document_up(
    quiet_town: Town, document: str
) -> None:
    with quiet_town.service.database.writing() as connection:
        for _ in range(STARTS):
            steps.begin(connection, document, State.RENDERING, 1, quiet_town.clock())
    quiet_town.work()
    told = quiet_town.document(document)
    assert (told["state"], told["problem"]["code"]) == ("failed", "worker-lost")


def test_bug_ends_as_failed_and_the_same_order_begins_again(
    quiet_town: Town, document: str, caplog: pytest.LogCaptureFixture
) -> None:
    run(quiet_town, busy(quiet_town, KeyError("Ёлкин")), document)
    assert "KeyError" in caplog.text
    assert "Ёлкин" not in caplog.text
    told = quiet_town.document(document)
    assert (told["state"], told["problem"]["code"]) == ("failed", "internal-error")
    job = quiet_town.order(quiet_town.post_snapshot())
    assert job["state"] == "queued"
    quiet_town.work()
    assert quiet_town.document(document)["state"] == "awaiting-deputy"


def test_latecomer_writes_nothing(quiet_town: Town, document: str) -> None:
    quiet_town.work()
    before = quiet_town.document(document)
    quiet_town.advance(document, "rendering", 1)
    assert quiet_town.document(document) == before
    with quiet_town.service.database.reading() as connection:
        found = documents.get(connection, document)
    stale = replace(found, generation=found.generation - 1)
    with pytest.raises(Overtaken), quiet_town.service.database.writing() as connection:
        documents.move(connection, stale, State.FAILED, quiet_town.clock())
    assert quiet_town.document(document) == before


def test_lost_job_is_called_again(quiet_town: Town, document: str) -> None:
    service = quiet_town.service
    sweeper = Sweeper(
        service.database, service.order.road, service.dispatcher.missing, engine.workflow_id, 30
    )
    later = quiet_town.clock()
    quiet_town.clock.pass_by(minutes=1)
    assert sweeper(quiet_town.clock(), later) == 0, "the job is there, it only waits"
    service.dispatcher.client.cancel_workflow(f"{document}:rendering:1")
    assert sweeper(quiet_town.clock(), quiet_town.clock()) == 1
    assert sweeper(quiet_town.clock(), quiet_town.clock()) == 0
    with service.database.reading() as connection:
        open_steps = connection.execute(
            select(step_rows.c.generation).where(step_rows.c.finished_at.is_(None))
        ).all()
    assert [row.generation for row in open_steps] == [2]
    quiet_town.work()
    assert quiet_town.document(document)["state"] == "awaiting-deputy"
