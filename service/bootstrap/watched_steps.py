"""Steps that are timed, and told with the code they ended with; pages that are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.domain.errors import ServiceError
from service.jobs.advance import Clock, Work
from service.ledger.documents import State
from service.observing.watch import Watch
from service.workflow.printing.produce import Press, Printout


@dataclass(frozen=True, slots=True)
class Watched:
    """The work of one state."""

    work: Work
    state: State
    watch: Watch

    def __call__(self, document: str, clock: Clock) -> None:
        """Do the work."""
        with self.watch.step(self.state, document) as outcome:
            try:
                self.work(document, clock)
            except ServiceError as error:
                outcome.code = error.code
                raise
            except Exception:
                outcome.code = "internal-error"
                raise


@dataclass(frozen=True, slots=True)
class Counted:
    """A press that counts its pages."""

    press: Press
    watch: Watch

    def __call__(
        self, document: str, generation: int, wanted: Callable[[], bool]
    ) -> tuple[Printout, ...]:
        """Print."""
        printed = self.press(document, generation, wanted)
        self.watch.meters.pages(sum(one.pages for one in printed))
        return printed
