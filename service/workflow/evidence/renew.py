"""Evidence is renewed before it ends: one timestamp for all that is due, no file is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from service.domain import renewal
from service.ledger.database import Database
from service.ledger.proof import evidence
from service.ledger.proof.evidence import Timestamp, Tree
from service.workflow.evidence.attest import Seal, note
from service.workflow.evidence.rebuild import Rebuild, Rebuilt
from signing.errors import SigningError
from signing.evidence import ArchiveTimestamp, renewed


class Fate(StrEnum):
    """What is to be done about a tree at a moment."""

    WAITS = "waits"  # for `due`
    DUE = "due"  # for another timestamp
    WEAK = "weak"  # its digest algorithm: to be built anew by another
    MISSED = "missed"  # its timestamp ended before anybody renewed it
    PAST = "past"  # nothing in it has to be kept any more


@dataclass(frozen=True, slots=True)
class Outlook:
    """A tree, what becomes of it, and when it falls due."""

    tree: Tree
    fate: Fate
    due: datetime


@dataclass(frozen=True, slots=True)
class Renewal:
    """What was found and what was done."""

    outlooks: tuple[Outlook, ...]  # as they were found
    renewed: tuple[Tree, ...] = ()  # as they are now
    unchanged: tuple[Tree, ...] = ()  # due, but today's timestamp would end no later
    rebuilt: Rebuilt | None = None
    doubts: tuple[SigningError, ...] = ()  # about those who gave older timestamps


@dataclass(frozen=True, slots=True)
class Renew:
    """Renews every tree that is due; again finds nothing to do.

    `deprecated` names the day from which a digest algorithm is no longer believed.
    """

    database: Database
    seal: Seal
    rebuild: Rebuild
    deprecated: Mapping[str, datetime]

    def __call__(self, at: datetime, *, dry: bool = False) -> Renewal:
        """Renew what is due at `at`; `dry` only tells.

        Trees of a digest algorithm that is about to weaken are built anew by the one of `seal`,
        their documents read again (RFC 4998, 5.2, hash-tree renewal); the others that are due
        share one timestamp (timestamp renewal). Killed anywhere, all it loses is a timestamp.
        Raises EvidenceOvertaken if another process was faster, and as
        `signing.evidence.stamped` does.
        """
        found = self.outlooks(at)
        if dry:
            return Renewal(found)
        weak = [one.tree for one in found if one.fate is Fate.WEAK]
        rebuilt = self.rebuild(weak, at) if weak else None
        now = self.outlooks(at) if rebuilt else found
        done: list[Tree] = []
        unchanged: list[Tree] = []
        doubts = list(rebuilt.doubts) if rebuilt else []
        due = [one.tree for one in now if one.due <= at and one.fate in {Fate.DUE, Fate.WEAK}]
        for _, trees in groupby(sorted(due, key=_algorithm), key=_algorithm):
            doubts += self._renewed(tuple(trees), at, done, unchanged)
        return Renewal(found, tuple(done), tuple(unchanged), rebuilt, tuple(doubts))

    def outlooks(self, at: datetime) -> tuple[Outlook, ...]:
        """Return what becomes of every standing tree, the first to end first."""
        with self.database.reading() as connection:
            return tuple(self._outlook(tree, at) for tree in evidence.standing(connection))

    def _outlook(self, tree: Tree, at: datetime) -> Outlook:
        due = renewal.due(tree.stamped_at, tree.valid_until)
        weakens = self.deprecated.get(tree.algorithm)
        anew = renewal.weakens(weakens) if weakens else None
        if tree.keep_until < at:
            return Outlook(tree, Fate.PAST, due)
        if tree.valid_until < at:
            return Outlook(tree, Fate.MISSED, due)
        if anew is not None and anew <= at and tree.algorithm != self.seal.algorithm:
            return Outlook(tree, Fate.WEAK, due)
        if due <= at:
            return Outlook(tree, Fate.DUE, due)
        return Outlook(tree, Fate.WAITS, min(due, anew) if anew is not None else due)

    def _renewed(
        self, trees: Sequence[Tree], at: datetime, done: list[Tree], unchanged: list[Tree]
    ) -> tuple[SigningError, ...]:
        """Put one timestamp on trees of one algorithm, sort them, and return what raises doubt."""
        with self.database.reading() as connection:
            newest = [
                ArchiveTimestamp.load(evidence.newest(connection, tree).archived) for tree in trees
            ]
        made, links = renewed(newest, self.seal.imprinter, self.seal.trust, at)
        with self.database.writing() as connection:
            for tree, link in zip(trees, links, strict=True):
                if made.until <= tree.valid_until:
                    unchanged.append(tree)
                    continue
                stamp = Timestamp(tree.id, tree.timestamps + 1, made.time, made.until, link.der)
                done.append(self._prolonged(connection, tree, stamp))
        return made.doubts

    def _prolonged(self, connection: Connection, tree: Tree, stamp: Timestamp) -> Tree:
        grown = evidence.keep_longer(connection, evidence.renew(connection, tree, stamp))
        for ancestor in evidence.ancestors(connection, tree.id):
            evidence.keep_longer(connection, ancestor, grown.keep_until)
        note(connection, tree, "renew", stamp.time, {"timestamp": stamp.number})
        return grown


_algorithm = attrgetter("algorithm")
