"""Sessions on both databases: an item is signed once, and only orphaned files are let go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.approving.approval import Role
from service.domain.errors import Reason
from service.ledger.database import Database, connect
from service.ledger.signing import sessions
from service.ledger.signing.sessions import (
    Item,
    ItemMissing,
    ItemState,
    Part,
    Session,
    SigningClosed,
    SigningMissing,
    Subject,
)

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)
SESSION = Session("s1", "school", Role.DEPUTY, "secretary", AT, AT + timedelta(hours=1))
ONE = Item("s1", "d1", Subject.DOCUMENT, 0, 3)
TWO = Item("s1", "p1", Subject.PACKAGE, 1, 1)
PDF = Part("document.pdf", "f" * 64, b"attributes", b"digest", "sha256", "sha256_rsa", b"{}")
DOCX = replace(PDF, file="document.docx", prepared=None)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = connect(database_url)
    made.migrate()
    with made.writing() as connection:
        sessions.add(connection, SESSION, [ONE, TWO])
    yield made
    made.close()


def test_a_session_comes_back_as_it_went(database: Database) -> None:
    joined = replace(SESSION, signer="Громова", certificates=(b"\x30\x00", b"\x30"), attorney="{}")
    with database.writing() as connection:
        sessions.join(connection, joined)
        sessions.prepare(connection, ONE, [PDF, DOCX], 4)
    with database.reading() as connection:
        assert sessions.get(connection, "s1") == joined
        waiting = replace(ONE, state=ItemState.WAITING, generation=4)
        assert sessions.items(connection, "s1") == (waiting, TWO)
        assert sessions.parts_of(connection, ONE) == (PDF, DOCX)
        assert sessions.parts(connection, "s1") == {"d1": (PDF, DOCX)}
        with pytest.raises(SigningMissing):
            sessions.get(connection, "s2")
        with pytest.raises(ItemMissing):
            sessions.item(connection, "s1", Subject.DOCUMENT, "p1")


def test_an_item_is_signed_once_and_stays_signed(database: Database) -> None:
    problem = Reason("x", "y")
    with database.writing() as connection:
        with pytest.raises(SigningClosed):
            sessions.sign(connection, ONE, "a" * 64)
        sessions.prepare(connection, ONE, [PDF], 3)
        sessions.sign(connection, ONE, "a" * 64)
        with pytest.raises(SigningClosed):
            sessions.sign(connection, ONE, "b" * 64)
        with pytest.raises(SigningClosed):
            sessions.prepare(connection, ONE, [PDF], 3)
        assert not sessions.trouble(connection, ONE, ItemState.REFUSED, problem)
        assert sessions.trouble(connection, TWO, ItemState.REFUSED, problem)
    with database.reading() as connection:
        one, two = sessions.items(connection, "s1")
    assert (one.state, one.answers, one.problem) == (ItemState.SIGNED, "a" * 64, None)
    assert (two.state, two.problem) == (ItemState.REFUSED, problem)


def test_only_files_nobody_names_are_let_go(database: Database) -> None:
    other = replace(SESSION, id="s2", expires_at=AT + timedelta(days=1))
    shared, own = replace(PDF, prepared="a" * 64), replace(PDF, prepared="b" * 64)
    with database.writing() as connection:
        sessions.add(connection, other, [replace(ONE, session="s2")])
        assert sessions.prepare(connection, ONE, [shared], 3) == ()
        assert sessions.prepare(connection, replace(ONE, session="s2"), [shared], 3) == ()
        assert sessions.prepare(connection, ONE, [own], 3) == ()
        assert sessions.prepare(connection, ONE, [PDF], 3) == ("b" * 64,)
        assert sessions.spent(connection, AT) == ()
        assert sessions.spent(connection, AT + timedelta(hours=2)) == ("s1",)
        assert sessions.discard(connection, "s1") == ("f" * 64,)
        assert sessions.spent(connection, AT + timedelta(hours=2)) == ()
        assert (sessions.close(connection, "s2", AT), sessions.close(connection, "s2", AT)) == (
            True,
            False,
        )
        assert sessions.spent(connection, AT) == ("s2",)
        assert sessions.discard(connection, "s2") == ("a" * 64,)
