"""Trees in the ledger: who is in which, who takes over from whom, and who comes too late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from service.ledger import tables
from service.ledger.database import Database, connect
from service.ledger.proof import copies as evidence_copies
from service.ledger.proof import evidence
from service.ledger.proof.copies import EvidenceCopy
from service.ledger.proof.evidence import EvidenceOvertaken, Held, Member, Timestamp, Tree

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)
UNTIL = datetime(2052, 12, 31, tzinfo=UTC)
LONGER = UNTIL + timedelta(days=3650)
ENOUGH = ("B-LT", "B-LTA")
STATE = "archived"
HASH = "ab" * 32


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = connect(database_url)
    made.migrate()
    with made.writing() as connection:
        _snapshot(connection)
        for name in ("a", "b", "c"):
            _document(connection, name)
    yield made
    made.close()


def _snapshot(connection: Connection) -> None:
    connection.execute(
        insert(tables.snapshots).values(
            id="s", school="s", sha256=HASH, size=0, year="2026/2027", year_end=date(2027, 5, 31),
            timezone="UTC", classes=[], terms=[], warnings=[], accepted_at=AT,
        )
    )  # fmt: skip


def _document(connection: Connection, name: str) -> None:
    connection.execute(
        insert(tables.documents).values(
            id=name, school="s", snapshot="s", kind="final-summary", class_id=name,
            class_title="1А", term="", year="2026/2027", year_end=date(2027, 5, 31),
            timezone="UTC", version=1, volume=1, volumes=1, supersedes="", options="{}",
            forms=HASH, route=["director"], retention_years=25, issued_at=AT, state=STATE,
            generation=9, created_at=AT, updated_at=AT,
        )
    )  # fmt: skip
    connection.execute(
        insert(tables.signatures).values(
            document=name, role="director", generation=8, signer="x", certificate=HASH,
            level="B-T" if name == "c" else "B-LT", valid=1, signed_at=AT, pdf=HASH,
        )
    )  # fmt: skip
    for file in ("document.pdf", "manifest.json"):
        for store in ("A", "B"):
            connection.execute(
                insert(tables.copies).values(
                    document=name, name=file, store=store, key=f"{name}/{file}", version_id="1",
                    mode="COMPLIANCE", locked_until=UNTIL, sha256=HASH, size=1, checked=AT,
                )
            )  # fmt: skip


def tree(name: str, made_at: datetime = AT, **other: object) -> Tree:
    made = Tree(name, made_at, "sha256", 2, "cd" * 32, HASH, 1, made_at, UNTIL, made_at)
    return replace(made, **other)


def stamp(name: str, number: int = 1, time: datetime = AT) -> Timestamp:
    return Timestamp(name, number, time, UNTIL + timedelta(days=number), b"DER %d" % number)


def plant(database: Database, made: Tree, *documents: str) -> None:
    members = (Member(one, made.id, place, b"h") for place, one in enumerate(documents))
    with database.writing() as connection:
        evidence.add(connection, made, stamp(made.id, time=made.made_at), members)


def test_only_what_is_in_no_tree_is_found(database: Database) -> None:
    with database.reading() as connection:
        assert evidence.unattested(connection, STATE) == {"a", "b", "c"}
        assert evidence.levels_below(connection, STATE, ENOUGH) == {"c": {"B-T"}}
        found = dict(evidence.holdings(connection, STATE))
    both = (Held("document.pdf", HASH, None), Held("manifest.json", HASH, None))
    assert found == {"a": both, "b": both, "c": both}
    plant(database, tree("t"), "a", "b")
    with database.reading() as connection:
        assert evidence.unattested(connection, STATE) == {"c"}
        assert dict(evidence.holdings(connection, STATE)) == {"c": both}
        assert list(evidence.listing(connection, "t")) == [("a", b"h"), ("b", b"h")]
    with pytest.raises(EvidenceOvertaken), database.writing() as connection:
        evidence.require_unattested(connection, STATE, ["b", "c"])


def test_a_renewal_of_what_was_renewed_meanwhile_writes_nothing(database: Database) -> None:
    plant(database, tree("t"), "a", "b")
    with database.writing() as connection:
        (before,) = evidence.standing(connection)
        grown = evidence.renew(connection, before, stamp("t", 2))
        assert evidence.keep_longer(connection, grown).keep_until == UNTIL
    with pytest.raises(EvidenceOvertaken), database.writing() as connection:
        evidence.renew(connection, before, stamp("t", 2))
    with database.reading() as connection:
        (now,) = evidence.standing(connection)
        assert (now.timestamps, now.valid_until, now.keep_until) == (
            2,
            UNTIL + timedelta(days=2),
            UNTIL,
        )
        assert [one.archived for one in evidence.chain(connection, "t")] == [b"DER 1", b"DER 2"]
        assert evidence.newest(connection, now).number == 2


def test_documents_are_taken_over_one_by_one_or_all(database: Database) -> None:
    plant(database, tree("old"), "a", "b")
    later = AT + timedelta(days=1)
    plant(database, tree("new", later, algorithm="sha512"), "a")
    with database.writing() as connection:
        evidence.supersede(connection, "old", ["a"], "new")
        assert [one.id for one in evidence.standing(connection)] == ["new", "old"]
        assert [one.document for one in evidence.current(connection, "old")] == ["b"]
    with pytest.raises(EvidenceOvertaken), database.writing() as connection:
        evidence.supersede(connection, "old", ["a", "b"], "newest")
    plant(database, tree("newest", later + timedelta(days=1)), "b")
    with database.writing() as connection:
        evidence.supersede(connection, "old", ["b"], "newest")
        assert {one.id for one in evidence.standing(connection)} == {"new", "newest"}
        chain = evidence.of_document(connection, "b")
        assert [(one.id, member.place) for one, member in chain] == [("old", 1), ("newest", 0)]
        assert [one.id for one in evidence.ancestors(connection, "new")] == ["old"]


def test_what_the_stores_lack_is_known(database: Database) -> None:
    plant(database, tree("t", keep_until=UNTIL), "a", "b")

    def lacking() -> list[str]:
        with database.reading() as connection:
            return [name for _, name in evidence_copies.lacking(connection)]

    def put(name: str, store: str, until: datetime) -> None:
        with database.writing() as connection:
            evidence_copies.put(
                connection,
                EvidenceCopy("t", name, store, f"evidence/t/{name}", "1", "M", until, HASH, 1, AT),
            )

    assert lacking() == ["leaves.txt", "timestamp-0001.der"]
    put("leaves.txt", "A", UNTIL)
    assert lacking() == ["leaves.txt", "timestamp-0001.der"]
    put("leaves.txt", "B", UNTIL)
    put("timestamp-0001.der", "A", UNTIL)
    put("timestamp-0001.der", "B", UNTIL - timedelta(days=1))
    assert lacking() == ["timestamp-0001.der"]
    put("timestamp-0001.der", "B", LONGER)
    assert lacking() == []
