"""Authorities of three ages, one after another, and evidence that is handed on between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from signing.authority import Authority, Person, organisation
from signing.authority.config import ARCHITECTURE
from signing.evidence import (
    ArchiveTimestamp,
    HashTree,
    Record,
    carried,
    digest_of,
    reduced,
    renewed,
    stamped,
)
from signing.evidence.hashtree import joined
from signing.evidence.record import Chain
from signing.evidence.renewing import owners
from signing.timestamps import Timestamper
from signing.trust import Trust

SIGNED = datetime(2026, 6, 15, 12, tzinfo=UTC)
RENEWED = datetime(2035, 6, 15, 12, tzinfo=UTC)
REBUILT = datetime(2045, 6, 15, 12, tzinfo=UTC)
LAST = datetime(2051, 12, 31, 12, tzinfo=UTC)
FOUNDED = {  # an authority's certificates last from five years before to twenty after
    "first": datetime(2016, 6, 1, tzinfo=UTC),
    "second": datetime(2028, 1, 1, tzinfo=UTC),
    "third": datetime(2041, 1, 1, tzinfo=UTC),
}
PEOPLE = (  # those of the town
    Person("deputy", "Громова", "Ольга Ивановна", "СОШ № 18"),
    organisation("seal", "СОШ № 18"),
    Person("director", "Светлова", "Анна Юрьевна", "СОШ № 18"),
)
ALGORITHM = "sha256"


class Living:
    """An authority that answers in this process while it is told to, at the time it is told."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.asked = 0
        self.reload()
        self._server = make_server("127.0.0.1", authority.port, self, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reload(self) -> None:
        """Take up what the authority's folder says now."""
        self.animator = Animator(
            AnimatorArchStore({ArchLabel(ARCHITECTURE): self.authority.architecture()}),
            with_web_ui=False,
            allow_time_override=False,
        )

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        if self.animator.fixed_time is None:
            return Response("gone", status=503)(environ, start_response)
        return self.animator(environ, start_response)  # type: ignore[no-any-return]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Ages:
    """The authorities, and whom a verifier believes: all three roots and nobody else."""

    living: dict[str, Living]
    trust: Trust = field(init=False)

    def __post_init__(self) -> None:
        roots = tuple(one.authority.chain()[-1] for one in self.living.values())
        self.trust = Trust(roots, timeout=10)

    @classmethod
    def create(cls, folder: Path, *names: str) -> Ages:
        living = {}
        for name in names or FOUNDED:
            made = Authority.create(folder / name, PEOPLE, around=FOUNDED[name])
            if name == "first":
                made = Authority.create(folder / name, PEOPLE, around=SIGNED)
            living[name] = Living(made)
        return cls(living)

    def __getitem__(self, name: str) -> Authority:
        return self.living[name].authority

    @contextmanager
    def alive(self, at: datetime, *names: str) -> Iterator[Timestamper]:
        """Have authorities answer, their clocks standing; yield the timestamps of the last."""
        for name in names:
            self.living[name].animator.fixed_time = at
        try:
            yield Timestamper([self[names[-1]].timestamp_url], timeout=20)
        finally:
            for name in names:
                self.living[name].animator.fixed_time = None

    def fresh(self) -> Trust:
        """Return trust that asks, and remembers nothing."""
        return Trust(self.trust.anchors, timeout=20)

    def asked(self) -> int:
        """Return how often anybody was asked anything."""
        return sum(one.asked for one in self.living.values())

    def revoke(self, name: str, label: str, since: datetime, reason: str) -> None:
        """Have an authority revoke one of its own certificates."""
        file = self[name].folder / "certomancer.json"
        held = json.loads(file.read_text("utf-8"))
        certificate = held["pki-architectures"][ARCHITECTURE]["certs"][label]
        certificate["revocation"] = {"revoked-since": since.isoformat(), "reason": reason}
        file.write_text(json.dumps(held), "utf-8")
        self.living[name].reload()

    def end(self) -> None:
        for one in self.living.values():
            one.stop()


@pytest.fixture(scope="session")
def ages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ages]:
    """The authorities of three ages; each answers while it is `alive`."""
    made = Ages.create(tmp_path_factory.mktemp("ages"))
    yield made
    made.end()


def groups_of(documents: Sequence[Sequence[bytes]], algorithm: str) -> list[list[bytes]]:
    return [[digest_of(file)(algorithm) for file in files] for files in documents]


def attest(
    ages: Ages, documents: Sequence[Sequence[bytes]], at: datetime, name: str = "first"
) -> list[Chain]:
    """Return the chain each document gets from one timestamp."""
    groups = groups_of(documents, ALGORITHM)
    tree = HashTree.over((joined(group, ALGORITHM) for group in groups), ALGORITHM)
    with ages.alive(at, name) as timestamper:
        made = stamped(tree.root, ALGORITHM, timestamper, ages.fresh(), at)
    return [
        (ArchiveTimestamp.of(ALGORITHM, reduced(group, tree.neighbours(place)), made.token),)
        for place, group in enumerate(groups)
    ]


def renew(ages: Ages, chains: Sequence[Chain], at: datetime, *alive: str) -> list[Chain]:
    """Return the chains, each with one more timestamp; all share it."""
    with ages.alive(at, *alive) as timestamper:
        _, links = renewed([chain[-1] for chain in chains], timestamper, ages.fresh(), at)
    return [(*chain, link) for chain, link in zip(chains, links, strict=True)]


def rebuild(
    ages: Ages,
    documents: Sequence[Sequence[bytes]],
    records: Sequence[Record],
    algorithm: str,
    at: datetime,
    *alive: str,
) -> list[Record]:
    """Return the records, each with one more chain by another algorithm."""
    groups = [
        carried(group, record.chains, algorithm)
        for group, record in zip(groups_of(documents, algorithm), records, strict=True)
    ]
    tree = HashTree.over((joined(group, algorithm) for group in groups), algorithm)
    earlier = owners([list(record.timestamps())[-1] for record in records])
    with ages.alive(at, *alive) as timestamper:
        made = stamped(tree.root, algorithm, timestamper, ages.fresh(), at, earlier)
    return [
        Record(
            (
                *record.chains,
                (ArchiveTimestamp.of(algorithm, reduced(group, tree.neighbours(at_)), made.token),),
            )
        )
        for at_, (group, record) in enumerate(zip(groups, records, strict=True))
    ]
