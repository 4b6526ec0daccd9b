"""Everything a school needs, started on this machine and stopped together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.demo import settings_file
from service.demo.people import names, office
from service.demo.places import Place, places
from service.demo.service_process import serving
from service.demo.settings_file import Served, Tokens
from service.domain.approving.approval import Role
from service.domain.snapshot import School
from signing.authority.ports import kept_port
from signing.keys import Key
from signing.trust import Trust


@dataclass(frozen=True, slots=True)
class Running:
    """A service and all it stands on: an authority with a timestamp server, two stores.

    Tokens and opened keys are by school; containers lie in `keys`, their names in `people.py`.
    """

    address: str
    settings: Path
    tokens: Mapping[str, Tokens]
    keys: Mapping[str, Mapping[Role, Key]]
    anchors: Path
    trust: Trust
    stores: tuple[Place, Place]


@contextmanager
def running(
    build: Path, stores: str, schools: Iterable[School], listen: str | None = None
) -> Iterator[Running]:
    """Yield it once it takes requests; stop whatever was started at the end.

    `stores` is "bucket" (two S3 servers with Object Lock) or "folder" (two folders); without
    `listen` (host:port) a free port of the loopback is taken.
    """
    served = {school.id: school for school in schools}
    tokens = {name: Tokens.drawn(number) for number, name in enumerate(served)}
    signatories = {name: names(school) for name, school in served.items()}
    file, listen = build / "vedomost.toml", listen or f"127.0.0.1:{kept_port()}"
    with ExitStack() as started:
        people = started.enter_context(office(build / "authority", signatories, datetime.now(UTC)))
        pair = started.enter_context(places(stores, build / "stores" / stores))
        settings_file.write(
            file,
            data=build / "service" / stores,
            listen=listen,
            trust=people.anchors,
            tsa=people.tsa,
            webhook_key=settings_file.kept_key(build / "webhook-keys"),
            stores=pair,
            schools=[Served(one, signatories[one.id], tokens[one.id]) for one in served.values()],
        )
        address = started.enter_context(serving(file, listen, build / "service.log"))
        yield Running(address, file, tokens, people.keys, people.anchors, people.trust, pair)
