"""A look at what is about to change, inside the transaction that changes it.

Whoever asked for the look sees through the writer's own connection: while it holds the turn to
write nobody else can change a thing, so what the look finds is what the change is made from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from sqlalchemy import Connection


class Look(Protocol):
    """Looks before and after each writing transaction of a piece of work; raises to undo it."""

    def before(self) -> None:
        """Look at what is there."""

    def after(self) -> None:
        """Look at what will be there once the transaction is committed."""


_LOOK: ContextVar[Look | None] = ContextVar("look", default=None)
_HELD: ContextVar[Connection | None] = ContextVar("held", default=None)


@contextmanager
def looking(look: Look) -> Iterator[None]:
    """Have every transaction that this thread writes meanwhile be looked at."""
    before = _LOOK.set(look)
    try:
        yield
    finally:
        _LOOK.reset(before)


@contextmanager
def looked_at(connection: Connection) -> Iterator[None]:
    """Surround what a transaction writes with the looks asked for, if there are any."""
    look = _LOOK.get()
    if look is None:
        yield
        return
    with _through(connection):
        look.before()
    yield
    with _through(connection):
        look.after()


def held() -> Connection | None:
    """Return the connection of the transaction that is being looked at right now."""
    return _HELD.get()


@contextmanager
def _through(connection: Connection) -> Iterator[None]:
    before = _HELD.set(connection)
    try:
        yield
    finally:
        _HELD.reset(before)
