"""Somebody takes a run up again, for one class if he likes, or calls it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Conflict, Fault, Rejected
from service.ledger import audit
from service.ledger.calendar import runs
from service.ledger.calendar.runs import Run, RunState
from service.ledger.database import Database
from service.workflow.runs.begin import again
from service.workflow.runs.sheet import TellRun


class ClassNotInRun(Rejected):
    """The run makes nothing for this class."""

    code = "class-not-in-run"
    title = "Класса нет в прогоне"


class RunEnded(Conflict):
    """The run is done: there is nothing left to call off."""

    code = "run-ended"
    title = "Прогон уже закончен"


@dataclass(frozen=True, slots=True)
class ChangeRun:
    """Restarts and cancels runs; documents are left as they are, whatever becomes of the run."""

    database: Database
    tell: TellRun

    def restart(self, run: str, class_id: str | None, by: str, at: datetime) -> Run:
        """Have a run, or one class of it, looked at anew, from the newest final snapshot.

        What failed is printed again, what nothing changed for stays as it is. Raises ClassNotInRun.
        """
        if class_id is not None:
            self._require_class(run, class_id)
        with self.database.writing() as connection:
            again(connection, runs.get(connection, run), class_id, by, at)
            return runs.get(connection, run)

    def _require_class(self, run: str, class_id: str) -> None:
        with self.database.reading() as connection:
            places = self.tell.places(connection, runs.get(connection, run))
        known = {place.journal.class_id for place in places}
        if class_id not in known:
            message = f"Прогон печатает для классов: {', '.join(sorted(known))}."
            fault = Fault("/class", "class-not-in-run", message)
            raise ClassNotInRun(message, (fault,))

    def cancel(self, run: str, by: str, at: datetime) -> Run:
        """Order and remind no more; what is ordered goes its way. Twice is once."""
        with self.database.writing() as connection:
            found = runs.get(connection, run)
            if found.state is RunState.CANCELLED:
                return found
            if found.state is RunState.DONE:
                raise RunEnded("Все документы прогона уже в архиве: отменять нечего.")
            event = audit.Event(at, found.school, run, by, "run-cancelled", {"entry": found.entry})
            audit.append(connection, event)
            return runs.move(connection, found, RunState.CANCELLED, at)
