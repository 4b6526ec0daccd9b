"""A document's journey as its people make it, over HTTP only: ordered, signed twice, archived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from service.demo.client import Client, Document, Job, Reason, RequestFailed
from service.demo.journals import Order
from service.domain.approval import Role
from signing.keys import Key

Progress = Callable[[float, str], None]
"""Told how much was done since the last time, of 1 a document, and what is being done (Russian)."""

_DEPOSIT_SECONDS = 120.0
_GAPS = frozenset({"summary-not-final"})


@dataclass(frozen=True, slots=True)
class Refused:
    """The journal is not ready for this document: the service says so and prints nothing."""

    kind: str
    class_title: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs: a client with a token of their own, and a key that stays here."""

    client: Client
    key: Key


@dataclass(frozen=True, slots=True)
class Journey:
    """The people of one school: who orders and who signs."""

    journal: Client
    signers: Mapping[Role, Signer]

    def order(self, snapshot: str, orders: Iterable[Order]) -> list[Job]:
        """Order documents; the service begins with the first at once."""
        return [self.journal.order(snapshot, o.kind, o.class_id, o.term) for o in orders]

    def follow(self, job: Job, progress: Progress) -> tuple[Document, ...] | Refused:
        """Wait until a document is printed, all its volumes, or refused for the journal's own gaps.

        Any other failure raises RequestFailed.
        """
        done = 0
        for now in self.journal.follow(job):
            progress((now.percent - done) / 100, now.step)
            done = now.percent
            if now.state == "failed":
                progress((100 - done) / 100, now.step)
                return self._refused(now)
        first = self.journal.document(job.document)
        return (first, *map(self.journal.document, first.other_volumes))

    def _refused(self, job: Job) -> Refused:
        if job.problem is None or job.problem.code not in _GAPS:
            reason = job.problem.message if job.problem else "причина не названа"
            raise RequestFailed(f"Документ {job.document} не напечатан: {reason}")
        document = self.journal.document(job.document)
        return Refused(document.kind, document.class_title, job.problem)

    def sign(self, document: Document) -> Document:
        """Sign a document for everybody it waits for, in its own order."""
        while document.turn is not None:
            signer = self.signers[Role(document.turn)]
            chain = (signer.key.certificate, *signer.key.chain)
            session = signer.client.open_signature(
                document.id, document.turn, [one.dump() for one in chain]
            )
            document = signer.client.close_signature(session, signer.key.sign(session.to_sign))
        return document

    def archived(self, document: Document) -> Document:
        """Wait until both stores hold a document."""
        return self.journal.wait_for(document.id, "archived", _DEPOSIT_SECONDS)
