"""Who is told what was done and how long it took: figures and traces, each of them or nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

LOG = logging.getLogger(__name__)

NO_HEADERS: Mapping[str, str] = {}


class Outcome:
    """How something ended: a stable code, set before it is over."""

    def __init__(self) -> None:
        self.code = "done"


class Meters(Protocol):
    """Counts what was done; seconds are of the wall clock."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """An HTTP request was answered; `route` is its template."""

    def step(self, state: str, outcome: str, seconds: float) -> None:
        """A step of a document ended, done or with an error's code."""

    def pages(self, count: int) -> None:
        """Pages were printed."""

    def store(self, store: str, operation: str, outcome: str, seconds: float) -> None:
        """A store was asked for something, done or with an error's code."""


class Span(Protocol):
    """A piece of work in a trace."""

    def note(self, **attributes: str | int) -> None:
        """Say more about it: ids, codes and figures."""


class Tracer(Protocol):
    """Writes down which work was part of which."""

    def span(
        self, name: str, headers: Mapping[str, str] = NO_HEADERS, **attributes: str | int
    ) -> _Entered:
        """Return what surrounds a piece of work; `headers` may name the trace it is part of."""


class _Entered(Protocol):
    def __enter__(self) -> Span: ...
    def __exit__(self, *raised: object) -> bool | None: ...


class NoMeters:
    """Nobody counts."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """See Meters."""

    def step(self, state: str, outcome: str, seconds: float) -> None:
        """See Meters."""

    def pages(self, count: int) -> None:
        """See Meters."""

    def store(self, store: str, operation: str, outcome: str, seconds: float) -> None:
        """See Meters."""


class NoSpan:
    """Nobody traces."""

    def note(self, **attributes: str | int) -> None:
        """See Span."""

    def __enter__(self) -> Span:
        """Enter the work."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Leave the work."""


class NoTracer:
    """Nobody traces."""

    def span(
        self,
        name: str,  # noqa: ARG002
        headers: Mapping[str, str] = NO_HEADERS,  # noqa: ARG002
        **attributes: str | int,  # noqa: ARG002
    ) -> NoSpan:
        """See Tracer."""
        return NO_SPAN


NO_SPAN = NoSpan()


@dataclass(frozen=True, slots=True)
class Watch:
    """Whoever is told."""

    meters: Meters
    tracer: Tracer

    @contextmanager
    def step(self, state: str, document: str) -> Iterator[Outcome]:
        """Surround a step of a document."""
        outcome, began = Outcome(), perf_counter()
        with self.tracer.span(f"step {state}", document=document) as span:
            try:
                yield outcome
            finally:
                took = perf_counter() - began
                LOG.info("%s: %s, %.2f s", state, outcome.code, took)
                span.note(outcome=outcome.code)
                self.meters.step(state, outcome.code, took)

    @contextmanager
    def store(self, store: str, operation: str) -> Iterator[Outcome]:
        """Surround what is asked of a store."""
        outcome, began = Outcome(), perf_counter()
        with self.tracer.span(f"store {operation}", store=store) as span:
            try:
                yield outcome
            finally:
                span.note(outcome=outcome.code)
                self.meters.store(store, operation, outcome.code, perf_counter() - began)


NOBODY = Watch(NoMeters(), NoTracer())
