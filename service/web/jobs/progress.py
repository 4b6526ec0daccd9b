"""How an order goes now, with an estimate of when it will be done."""

from __future__ import annotations

import time
from threading import Lock

from service.bootstrap.serving import Service
from service.jobs.leases import SILENCE
from service.ledger import documents
from service.ledger.documents import Document, State
from service.ledger.printing import jobs, pace, steps
from service.ledger.printing.jobs import Job
from service.ledger.printing.pace import Pace
from service.ledger.printing.steps import Step
from service.web.http.access import Caller
from service.web.jobs.models import JobTold
from service.web.jobs.told import job_told


class Progress:
    """Tells how orders go; the pace estimates go by is measured once for all who ask."""

    fresh = 2.0  # seconds for which the pace counts as known

    def __init__(self, service: Service) -> None:
        self.service = service
        self._turn = Lock()
        self._pace: Pace | None = None
        self._measured = 0.0

    def found(self, job: str, caller: Caller) -> tuple[Job, JobTold]:
        """Return an order a caller may see, and how it goes now."""
        with self.service.database.reading() as connection:
            found = jobs.get(connection, job)
            document = documents.get(connection, found.document)
            caller.at_class(found.school, document.class_id)
            step = steps.latest(connection, document.id, State.RENDERING)
        return found, self.of(found, document, step)

    def of(self, job: Job, document: Document, step: Step | None) -> JobTold:
        """Return what is told of an order whose rows were read."""
        if document.state is not State.RENDERING or step is None:
            return job_told(job, document, step)
        left = self._known_pace().seconds_left(step, document.kind, self.service.clock())
        return job_told(job, document, step, left)

    def _known_pace(self) -> Pace:
        with self._turn:
            if self._pace is None or time.monotonic() - self._measured >= self.fresh:
                with self.service.database.reading() as connection:
                    processes = self.service.settings.worker.processes
                    self._pace = pace.pace(connection, processes, SILENCE)
                self._measured = time.monotonic()
            return self._pace
