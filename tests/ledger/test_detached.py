"""Detached signatures pile up in signing order; a package remembers its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain.approving.approval import Role
from service.ledger.database import Database, connect
from service.ledger.pages import Page
from service.ledger.signing import detached, packages
from service.ledger.signing.detached import Detached, SignedMeanwhile
from service.ledger.signing.packages import MANIFEST, Package, PackageMissing

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)
FIRST = Detached(
    subject="d1",
    file="document.docx",
    role=Role.DEPUTY,
    content="c" * 64,
    p7s="1" * 64,
    signer="Громова Ольга Ивановна",
    certificate="a" * 64,
    level="B-LT",
    signed_at=AT,
)
SECOND = replace(FIRST, role=Role.DIRECTOR, p7s="2" * 64)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = connect(database_url)
    made.migrate()
    yield made
    made.close()


def test_newest_holds_them_all(database: Database) -> None:
    with database.writing() as connection:
        assert detached.current(connection, "d1", "document.docx") is None
        detached.add(connection, FIRST, onto=None)
        detached.add(connection, SECOND, onto=FIRST.p7s)
        found = detached.of_file(connection, "d1", "document.docx")
        assert found == (FIRST, replace(SECOND, generation=2))
        assert detached.current(connection, "d1", "document.docx") == found[-1]
        assert detached.current(connection, "d1", MANIFEST) is None


@pytest.mark.parametrize(
    ("second", "onto"),
    [(SECOND, None), (SECOND, "f" * 64), (replace(SECOND, content="d" * 64), FIRST.p7s)],
)
def test_nobody_is_overwritten(database: Database, second: Detached, onto: str | None) -> None:
    with database.writing() as connection:
        detached.add(connection, FIRST, onto=None)
    with pytest.raises(SignedMeanwhile), database.writing() as connection:
        detached.add(connection, second, onto)
    with database.reading() as connection:
        assert detached.of_file(connection, "d1", "document.docx") == (FIRST,)


def test_package_knows_who_signed_it(database: Database) -> None:
    made = Package("p1", "s1", ("d1", "d2"), (Role.DIRECTOR,), "c" * 64, "secretary", AT)
    signature = replace(SECOND, subject="p1", file=MANIFEST)
    with database.writing() as connection:
        packages.add(connection, made)
        assert packages.get(connection, "p1") == made
        assert made.signature is None
        detached.add(connection, signature, onto=None)
        signed = packages.get(connection, "p1")
        assert signed == replace(made, signatures=(signature,))
        assert signed.signature == signature.p7s
        assert packages.of_school(connection, "s1", Page(10)) == (signed,)
        assert packages.of_school(connection, "s2", Page(10)) == ()
        with pytest.raises(PackageMissing):
            packages.get(connection, "p2")
