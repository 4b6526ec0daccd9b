"""Documents are laid out to be counted, in the printing processes, and nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import Rejected, ServiceError, Unavailable
from service.ledger import layouts
from service.ledger.database import Database
from service.ledger.layouts import Counted, Layout

LEASE = timedelta(minutes=15)  # after which a layout whose worker fell silent is another's
Laid = tuple[Layout, Counted | None]
"""A layout and what was counted; None if it was not to be had now and is to be tried again."""


@dataclass(frozen=True, slots=True)
class LayOut:
    """Hands layouts out and notes what was counted; `forms` is what is printed with here."""

    database: Database
    forms: Callable[[], str]
    clock: Callable[[], datetime]

    def __call__(self, came: Sequence[Laid], free: int) -> tuple[Layout, ...]:
        """Note what was counted and return at most so many layouts to count."""
        at = self.clock()
        done = [(layout, found) for layout, found in came if found is not None]
        if done:
            with self.database.writing() as connection:
                for layout, found in done:
                    layouts.note(connection, layout, found, at)
        if not free:
            return ()
        with self.database.reading() as connection:
            if not layouts.waiting(connection, self.forms(), at):
                return ()
        with self.database.writing() as connection:
            return layouts.claim(connection, self.forms(), at, at + LEASE, free)


@dataclass(frozen=True, slots=True)
class Carry:
    """Has one document laid out; what cannot be printed is counted as such, with the reason."""

    lay_out: Callable[[Layout], Counted]

    def __call__(self, layout: Layout) -> Laid:
        """Return what was counted."""
        try:
            return layout, self.lay_out(layout)
        except Unavailable:
            return layout, None
        except ServiceError as error:
            return layout, Counted((), (), 0, told(error))


def told(error: ServiceError) -> dict[str, object]:
    """Return why a document cannot be printed, each fault with its place."""
    faults = error.faults if isinstance(error, Rejected) else ()
    return {
        "code": error.code,
        "message": str(error),
        "faults": [[one.pointer, one.code, one.message] for one in faults],
    }
