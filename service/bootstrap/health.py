"""Whether the service is well: checks side by side, none of which can hold up the answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from service.domain.errors import ServiceError
from signing.errors import SigningError


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


HANGS = "Она зависла, перегружена, или до неё нет дороги по сети: проверьте и повторите."
WORSE = (Level.OK, Level.WARN, Level.FAIL)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ids and figures, never a secret, a person's name or an address."""

    name: str
    level: Level
    told: str  # a short Russian sentence
    remedy: str = ""  # what to do, if there is something


Told = tuple[Level, str, str]
"""How bad it is, a short Russian sentence, and what to do, if there is something."""

Look = Callable[[], Told]


@dataclass(frozen=True, slots=True)
class Check:
    """A question to one part of the service; without a `required` part no request can be served."""

    name: str
    look: Look
    required: bool = False


class Health:
    """Asks all checks at once and remembers the answer for some seconds.

    A check that does not answer in time fails; while it still hangs it is not asked again, so
    a store that hangs costs one thread and no request.
    """

    def __init__(self, checks: Iterable[Check], timeout: float, remembered: float) -> None:
        self._checks = tuple(checks)
        self._timeout = timeout
        self.remembered = remembered
        self._turn = Lock()
        self._asking: dict[str, Thread] = {}
        self._found: tuple[float, tuple[Finding, ...]] | None = None

    def __call__(self) -> tuple[Finding, ...]:
        """Return a finding for each check, in their order."""
        with self._turn:
            if self._found is None or time.monotonic() - self._found[0] > self.remembered:
                self._found = (time.monotonic(), self._asked())
            return self._found[1]

    def serving(self, found: Iterable[Finding]) -> bool:
        """Return whether requests can be served: nothing required has failed."""
        required = {one.name for one in self._checks if one.required}
        return not any(one.name in required and one.level is Level.FAIL for one in found)

    def _asked(self) -> tuple[Finding, ...]:
        answers: SimpleQueue[Finding] = SimpleQueue()
        until = time.monotonic() + self._timeout
        for check in self._checks:
            before = self._asking.get(check.name)
            if before is None or not before.is_alive():
                thread = Thread(target=_ask, args=(check, answers), daemon=True)
                self._asking[check.name] = thread
                thread.start()
        found: dict[str, Finding] = {}
        while len(found) < len(self._checks):
            try:
                answer = answers.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                break
            found[answer.name] = answer
        late = f"Нет ответа за {self._timeout:g} с."
        return tuple(
            found.get(one.name) or Finding(one.name, Level.FAIL, late, HANGS)
            for one in self._checks
        )


def worst(found: Iterable[Finding]) -> Level:
    """Return the worst level of all."""
    return max((one.level for one in found), key=WORSE.index, default=Level.OK)


def _ask(check: Check, answers: SimpleQueue[Finding]) -> None:
    try:
        answers.put(Finding(check.name, *check.look()))
    except (ServiceError, SigningError) as error:  # their texts may name hosts and paths
        answers.put(Finding(check.name, Level.FAIL, f"{error.title} ({error.code})."))
    except (OSError, SQLAlchemyError, MemoryError) as error:
        told = f"Посмотреть не удалось ({type(error).__name__})."
        answers.put(Finding(check.name, Level.FAIL, told))
