"""A document's journey as its people make it, over HTTP only: ordered, signed twice, archived."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from service.client import following
from service.client.errors import ServiceRefused
from service.client.operations import Operations
from service.client.told import (
    AnswerAsked,
    DocumentTold,
    JobAsked,
    JobTold,
    Reason,
    SignatureAsked,
    SnapshotTold,
)
from service.demo.journals import Order
from service.domain.approving.approval import Role
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
class KeyHolder:
    """Somebody who signs: with a token of their own, and a key that stays here."""

    service: Operations
    key: Key


@dataclass(frozen=True, slots=True)
class Journey:
    """The people of one school: who orders and who signs."""

    school: str
    journal: Operations
    signers: Mapping[Role, KeyHolder]

    def submit(self, snapshot: bytes) -> SnapshotTold:
        """Send a snapshot; the same bytes again are the same snapshot."""
        return self.journal.create_snapshot(self.school, snapshot)

    def order(self, snapshot: str, orders: Iterable[Order]) -> list[JobTold]:
        """Order documents; the service begins with the first at once."""
        return [
            self.journal.order_document(
                self.school,
                JobAsked(snapshot=snapshot, kind=one.kind, class_=one.class_id, term=one.term),
            )
            for one in orders
        ]

    def follow(self, job: JobTold, progress: Progress) -> tuple[DocumentTold, ...] | Refused:
        """Wait until a document is printed, all its volumes, or refused for the journal's own gaps.

        Any other failure raises ServiceRefused.
        """
        done = 0
        for now in following.follow(self.journal, job):
            progress((now.percent - done) / 100, now.step)
            done = now.percent
            if now.state == "failed":
                progress((100 - done) / 100, now.step)
                return self._refused(now)
        first = self.journal.get_document(job.document)
        return (first, *map(self.journal.get_document, first.other_volumes))

    def _refused(self, job: JobTold) -> Refused:
        if job.problem is None or job.problem.code not in _GAPS:
            reason = job.problem.message if job.problem else "причина не названа"
            raise ServiceRefused(f"Документ {job.document} не напечатан: {reason}")
        document = self.journal.get_document(job.document)
        return Refused(document.kind, document.class_title, job.problem)

    def sign(self, document: DocumentTold) -> DocumentTold:
        """Sign a document for everybody it waits for, in its own order."""
        while document.turn is not None:
            role = Role(document.turn)
            service, key = self.signers[role].service, self.signers[role].key
            chain = tuple(_text(one.dump()) for one in (key.certificate, *key.chain))
            asked = SignatureAsked(role=role.value, certificates=chain)
            session = service.begin_signature(document.id, asked)
            value = _text(key.sign(base64.b64decode(session.to_sign)))
            document = service.complete_signature(session.id, AnswerAsked(value=value))
        return document

    def archived(self, document: DocumentTold) -> DocumentTold:
        """Wait until both stores hold a document."""
        return following.wait_for(self.journal, document.id, "archived", _DEPOSIT_SECONDS)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
