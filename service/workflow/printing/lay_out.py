"""Documents are laid out to be counted, in the printing processes, and nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import Rejected, ServiceError, Unavailable
from service.ledger.database import Database
from service.ledger.printing import layouts
from service.ledger.printing.layouts import Counted, Layout

LEASE = timedelta(minutes=15)  # after which whoever counts a layout and lives is not waited for
SOON = timedelta(minutes=1)  # after which what could not be counted is tried again
Laid = tuple[Layout, Counted | None]
"""A layout and what was counted; None if it was not to be had now and is to be tried again."""


@dataclass(frozen=True, slots=True)
class LayOut:
    """Hands layouts out and notes what was counted; `forms` is what is printed with here.

    What a `holder` took, a process whose life is watched, is its own until it is known dead;
    without one it is anybody's after a `lease`.
    """

    database: Database
    forms: Callable[[], str]
    clock: Callable[[], datetime]
    holder: str | None = None
    lease: timedelta = LEASE

    def __call__(self, came: Sequence[Laid], free: int) -> tuple[Layout, ...]:
        """Note what was counted and return at most so many layouts to count."""
        at = self.clock()
        if came:
            with self.database.writing() as connection:
                for layout, found in came:
                    if found is None:
                        layouts.put_off(connection, layout, self.holder, at + SOON)
                    else:
                        layouts.note(connection, layout, self.holder, found, at)
        if not free:
            return ()
        with self.database.reading() as connection:
            if not layouts.waiting(connection, self.forms(), self.holder, at):
                return ()
        with self.database.writing() as connection:
            until = at + self.lease
            return layouts.claim(connection, self.forms(), self.holder, at, until, free)


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
