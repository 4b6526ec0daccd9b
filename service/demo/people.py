"""Who signs in the demo: certificates and keys of a test authority that is running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.domain.approving.approval import Role
from service.domain.snapshot import School
from signing.authority import Authority, Person
from signing.keys import Key, Pkcs12Key
from signing.trust import Trust

PASSPHRASE = "vedomost-demo"  # noqa: S105 - test keys, worth nothing outside the demo

Names = Mapping[Role, str]
"""Full names, «Фамилия Имя Отчество», by role."""


@dataclass(frozen=True, slots=True)
class Office:
    """A running authority and the opened keys of everybody who signs, by school and role."""

    anchors: Path
    tsa: str
    trust: Trust
    keys: Mapping[str, Mapping[Role, Key]]


@contextmanager
def office(folder: Path, schools: Mapping[str, Names], at: datetime) -> Iterator[Office]:
    """Yield the office of some schools (ids), made in `folder` once and opened ever after.

    The containers lie in `folder/keys` for whoever wants to sign by hand. AuthorityMismatch if the
    folder was made for other people.
    """
    labels = {
        (school, role): f"{role.value}-{number}"
        for number, (school, names) in enumerate(schools.items())
        for role in names
    }
    people = [
        _person(label, school, schools[school][role]) for (school, role), label in labels.items()
    ]
    authority = Authority.create(folder, people, at)
    authority.export_anchors(folder / "trust")
    keys: dict[str, dict[Role, Key]] = {}
    for (school, role), label in labels.items():
        container = authority.pkcs12(label, PASSPHRASE)
        file = folder / "keys" / f"{label}.p12"
        file.touch(mode=0o600)
        file.write_bytes(container)
        keys.setdefault(school, {})[role] = Pkcs12Key.open(container, PASSPHRASE)
    with authority.serve():
        yield Office(folder / "trust", authority.timestamp_url, authority.trust(), keys)


def names(school: School) -> Names:
    """Return who signs for a school, by its snapshot; without a deputy the director does both."""
    deputy = school.deputies[0] if school.deputies else school.director
    return {Role.DEPUTY: deputy.name, Role.DIRECTOR: school.director.name}


def _person(label: str, school: str, full_name: str) -> Person:
    surname, _, given_names = full_name.partition(" ")
    return Person(label, surname, given_names, school)
