"""Packages: documents a school takes home together, listed in one manifest that can be signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from service.domain.approving.approval import Role
from service.domain.errors import Missing
from service.ledger.pages import Page, newest
from service.ledger.signing import detached
from service.ledger.signing.detached import Detached
from service.ledger.tables import packages

MANIFEST = "manifest.json"


class PackageMissing(Missing):
    """No package of this id, or it is another school's."""

    code = "package-missing"
    title = "Пакет не найден"


@dataclass(frozen=True, slots=True)
class Package:
    """A package; `manifest` names the working file that `Detached` signatures are made over.

    `signatures` are the detached ones of that manifest in signing order.
    """

    id: str
    school: str
    documents: tuple[str, ...]
    route: tuple[Role, ...]  # who signs the manifest, in order
    manifest: str
    created_by: str
    created_at: datetime
    signatures: tuple[Detached, ...] = ()

    @property
    def signature(self) -> str | None:
        """The working file of `manifest.json.p7s`, if anybody has signed."""
        return self.signatures[-1].p7s if self.signatures else None


def add(connection: Connection, package: Package) -> None:
    """Write a package down."""
    values = asdict(package)
    del values["signatures"]
    lists = {"documents": list(package.documents), "route": list(package.route)}
    connection.execute(insert(packages).values(values | lists))


def find(connection: Connection, package: str) -> Package | None:
    """Return a package by id, or None."""
    row = connection.execute(select(packages).where(packages.c.id == package)).one_or_none()
    return None if row is None else _packages(connection, [row])[0]


def by_ids(connection: Connection, names: Collection[str]) -> tuple[Package, ...]:
    """Return those of some packages that are there, in any order."""
    rows = connection.execute(select(packages).where(packages.c.id.in_(names)))
    return _packages(connection, rows.all())


def get(connection: Connection, package: str) -> Package:
    """Return a package by id."""
    found = find(connection, package)
    if found is None:
        raise PackageMissing(f"Пакета {package} нет: проверьте адрес.")
    return found


def of_school(connection: Connection, school: str, page: Page) -> tuple[Package, ...]:
    """Return a page of a school's packages, the newest first, and one more if there is one."""
    chosen = select(packages).where(packages.c.school == school)
    rows = connection.execute(newest(chosen, packages.c.created_at, packages.c.id, page))
    return _packages(connection, rows.all())


def _packages(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Package, ...]:
    signed = detached.of_files(connection, [row.id for row in rows], MANIFEST)
    return tuple(_package(row, signed[row.id]) for row in rows)


def _package(row: Row[Any], signatures: Iterable[Detached]) -> Package:
    values = dict(row._mapping)
    values["documents"] = tuple(values["documents"])
    values["route"] = tuple(Role(role) for role in values["route"])
    return Package(**values, signatures=tuple(signatures))
