"""The ids of what is being done right now; every line of the log carries them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import MappingProxyType

Ids = Mapping[str, str]

_HERE: ContextVar[Ids] = ContextVar("ids", default=MappingProxyType({}))


_TRACE: ContextVar[str | None] = ContextVar("trace", default=None)


def ids() -> Ids:
    """Return the ids of what this thread is doing."""
    return _HERE.get()


def bind(**more: str) -> Token[Ids]:
    """Add ids to those of this thread, until `unbind` is given what this returns."""
    return _HERE.set(MappingProxyType({**_HERE.get(), **more}))


def unbind(before: Token[Ids]) -> None:
    """Take ids away again."""
    _HERE.reset(before)


@contextmanager
def bound(**more: str) -> Iterator[None]:
    """Add ids to those of this thread for a while."""
    before = bind(**more)
    try:
        yield
    finally:
        unbind(before)


def trace() -> str | None:
    """Return the `traceparent` (W3C Trace Context) of what this thread is doing, if it is traced.

    What is called for here and done by another process later belongs to the same trace.
    """
    return _TRACE.get()


@contextmanager
def traced(parent: str | None) -> Iterator[None]:
    """Have this thread go on with a trace for a while."""
    before = _TRACE.set(parent)
    try:
        yield
    finally:
        _TRACE.reset(before)
