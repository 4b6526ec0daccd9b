"""The daily round of evidence: attest what is new, renew what is due, put both into the stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from service.domain import renewal
from service.domain.errors import Rejected, ServiceError
from service.ledger.proof.evidence import EvidenceOvertaken
from service.workflow.evidence.attest import Attest, Attested
from service.workflow.evidence.renew import Renew, Renewal
from service.workflow.evidence.shelve import Shelve, Shelved
from signing.errors import SigningError

T = TypeVar("T")


class DigestWeak(Rejected):
    """New trees are to be built by an algorithm that is about to be believed no longer."""

    code = "evidence-digest-weak"
    title = "Алгоритм хэширования устаревает"


@dataclass(frozen=True, slots=True)
class Round:
    """What each step found and did; None if a problem stopped it."""

    attested: Attested | None
    renewal: Renewal | None
    shelved: Shelved | None
    problems: tuple[ServiceError | SigningError, ...]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Does the round; a step that fails is told and does not stop the others."""

    attest: Attest
    renew: Renew
    shelve: Shelve

    def __call__(self, at: datetime, *, dry: bool = False) -> Round:
        """Do the round as of `at`; `dry` only tells what would be done."""
        problems: list[ServiceError | SigningError] = []

        def tried(step: Callable[[], T]) -> T | None:
            try:
                return step()
            except EvidenceOvertaken:
                return None
            except (ServiceError, SigningError) as error:
                problems.append(error)
                return None

        attested = tried(lambda: self.attest(at, dry=dry))
        renewed = tried(lambda: self.renew(at, dry=dry))
        shelved = tried(lambda: self.shelve(at, dry=dry))
        problems += shelved.problems if shelved else ()
        problems += renewed.doubts if renewed else ()
        problems += self._doubts(at)
        return Round(attested, renewed, shelved, tuple(problems))

    def _doubts(self, at: datetime) -> tuple[DigestWeak, ...]:
        algorithm = self.attest.seal.algorithm
        ends = self.renew.deprecated.get(algorithm)
        if ends is None or renewal.weakens(ends) > at:
            return ()
        return (
            DigestWeak(
                f"signing.evidence_digest: алгоритму {algorithm} верить можно только до "
                f"{ends:%d.%m.%Y} (signing.deprecated_digests). Укажите другой."
            ),
        )
