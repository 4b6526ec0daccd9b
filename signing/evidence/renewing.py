"""Renewal: a new time before the old one cannot be checked, a new digest before it is weak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from signing import digests
from signing.evidence.hashtree import HashTree, reduced
from signing.evidence.record import ArchiveTimestamp, Chain, encoded
from signing.evidence.stamping import Imprinter, Stamped, stamped
from signing.evidence.witness import Witness
from signing.trust import Trust


def renewed(
    newest: Sequence[ArchiveTimestamp],
    imprinter: Imprinter,
    trust: Trust,
    at: datetime,
) -> tuple[Stamped, tuple[ArchiveTimestamp, ...]]:
    """Renew the newest timestamps of many trees with one (RFC 4998, 5.2, timestamp renewal).

    All are of one digest algorithm, ValueError otherwise. No file is read: the new timestamp is
    put on a tree over the old tokens. Returns it, and for each tree what its chain gets. Raises
    as `stamped` does.
    """
    algorithms = {one.algorithm for one in newest}
    if len(algorithms) != 1:
        raise ValueError("timestamps of one chain have one digest algorithm")
    (algorithm,) = algorithms
    leaves = [digests.digest(algorithm, one.token) for one in newest]
    tree = HashTree.over(leaves, algorithm)
    earlier = owners(newest)
    made = stamped(tree.root, algorithm, imprinter, trust, at, earlier)
    return made, tuple(
        ArchiveTimestamp.of(algorithm, reduced((leaf,), tree.neighbours(place)), made.token)
        for place, leaf in enumerate(leaves)
    )


def carried(members: Sequence[bytes], chains: Sequence[Chain], algorithm: str) -> tuple[bytes, ...]:
    """Return the leaves of a data group in a hash-tree renewal (RFC 4998, 5.2, 2–4).

    `members` are the files' digests by the new `algorithm`, `chains` everything before.
    """
    older = digests.digest(algorithm, encoded(chains))
    return tuple(digests.digest(algorithm, member + older) for member in members)


def owners(newest: Sequence[ArchiveTimestamp]) -> tuple[Witness, ...]:
    """Return the tokens taken apart, one for each certificate they were sealed with."""
    read = (Witness.read(one.token, one.algorithm, b"") for one in newest)
    return tuple({one.token.certificate.sha256: one for one in read}.values())
