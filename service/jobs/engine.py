"""The durable engine behind the jobs: all we ask of DBOS is to call `advance` once it is due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from service.domain.errors import Unavailable
from service.ledger.documents import State
from service.ledger.printing.steps import Step

APPLICATION = "vedomost"
VERSION = "1"  # of the meaning of a job; a service of another one leaves these jobs alone
WORKFLOW = "advance"
ASKED = 500  # workflow ids in one question to the database
WAITING = frozenset({"ENQUEUED", "DELAYED"})
TAKEN = "PENDING"

Advance = Callable[[str, str, int], None]


class EngineUnavailable(Unavailable):
    """The engine's own tables do not answer, or are not there."""

    code = "engine-unavailable"
    title = "Очередь заданий не отвечает"


def prepare(url: str) -> None:
    """Make the engine's own tables, or bring them up to date."""
    DBOS.migrate(url)


def queue_of(state: State) -> str:
    """Return the queue of a state: what waits for a store must not keep printing waiting."""
    return "printing" if state is State.RENDERING else "storing"


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Has jobs done; safe to use in any process."""

    client: DBOSClient

    @classmethod
    def at(cls, url: str) -> Dispatcher:
        """Return the dispatcher of a database whose tables are prepared."""
        client = DBOSClient(
            system_database_url=url,
            application_name=APPLICATION,
            retry_connection_errors=False,  # it would sleep for up to 90 s, and notice no recovery
        )
        return cls(client)

    def __call__(self, connection: Connection, step: Step, wait: float) -> None:
        """Enqueue in the caller's transaction; once per document, state and generation."""
        place = (step.document, step.state, step.generation)
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": queue_of(step.state),
            "app_version": VERSION,
            "workflow_id": workflow_id(*place),
            "priority": step.turn,
        }
        if wait > 0:
            options["delay_seconds"] = wait
        self.client.enqueue_in_transaction(connection, options, *place)

    def missing(self, jobs: Collection[str], living: Collection[str]) -> frozenset[str]:
        """Return those of some workflow ids nobody will run.

        The engine does not hold them, has ended them, or gave them to a worker not `living`.
        Raises EngineUnavailable.
        """
        held: set[str] = set()
        names = list(jobs)
        for start in range(0, len(names), ASKED):
            with _in_words():
                found = self.client.list_workflows(
                    workflow_ids=names[start : start + ASKED], load_input=False, load_output=False
                )
            held.update(
                one.workflow_id
                for one in found
                if one.status in WAITING or (one.status == TAKEN and one.executor_id in living)
            )
        return frozenset(names) - held

    def require_answer(self) -> None:
        """Pass if the engine's tables answer. Raises EngineUnavailable."""
        with _in_words():
            self.client.list_workflows(limit=1, load_input=False, load_output=False)

    def close(self) -> None:
        """Let the database go."""
        self.client.destroy()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, NoConnectionFree):
        raise EngineUnavailable("Очередь заданий в базе данных не отвечает.") from None


def workflow_id(document: str, state: State, generation: int) -> str:
    """Return the name under which a job can only be there once."""
    return f"{document}:{state}:{generation}"


def run(url: str, executor: str, advance: Advance, queues: Mapping[str, int]) -> None:
    """Start taking jobs in threads of this process, so many of each queue at a time.

    `executor` must be the same after a restart (its interrupted jobs are taken up again) and
    never belong to two living processes.
    """
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": url,
        "executor_id": executor,
        "application_version": VERSION,
        "log_level": "WARNING",
        "run_migrations": False,
    }
    DBOS(config=config)

    @DBOS.workflow(name=WORKFLOW)
    def _advance(document: str, state: str, generation: int) -> None:
        advance(document, state, generation)

    DBOS.listen_queues(list(queues))
    DBOS.launch()
    for queue, together in queues.items():
        DBOS.register_queue(queue, worker_concurrency=together, polling_interval_sec=0.2)


def stop(grace: int) -> None:
    """Take no more jobs and wait some seconds for those being done."""
    DBOS.destroy(workflow_completion_timeout_sec=grace)
