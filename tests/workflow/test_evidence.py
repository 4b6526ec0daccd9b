"""Evidence of an archive: attested once, renewed in time, honest when a renewal was missed."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta

from ages import LAST, REBUILT, RENEWED, Ages
from office import DAY, REPORT, SUMMARY, Office, names, report, trees, upkeep
from sqlalchemy import select, update
from town import Town

from service.ledger.proof import evidence
from service.ledger.proof.tables import evidence_copies
from service.ledger.tables import copies, signatures
from service.workflow.evidence.renew import Fate
from signing.evidence import ArchiveTimestamp, Over, Proof, Record, digest_of, verify
from signing.verify import verify as verify_signatures


def test_all_that_is_archived_gets_one_timestamp(office: Office, ages: Ages) -> None:
    town, made = office
    asked = ages.asked()
    dry = upkeep(town, ages, "first")(DAY, dry=True)
    assert dry.attested is not None
    assert (dry.attested.tree, dry.attested.documents, ages.asked() - asked) == (None, 2, 0)
    with ages.alive(DAY, "first"):
        done = upkeep(town, ages, "first")(DAY)
        asked = ages.asked()
        again = upkeep(town, ages, "first")(DAY + timedelta(days=1))
    assert ages.asked() == asked, "nothing new: nobody is asked"
    assert again.attested is not None
    assert again.shelved is not None
    assert (again.attested.documents, again.shelved.files) == (0, 0)
    assert done.attested is not None
    (tree,) = trees(town)
    assert (done.attested.tree, done.attested.unready, done.problems) == (tree, (), ())
    assert (tree.count, tree.algorithm, tree.timestamps) == (2, "sha256", 1)
    for document in made.values():
        found = report(town, document, DAY)
        assert (found.state, found.since, found.whole) == (Proof.PROVEN, DAY, True)
        assert found.tree == tree.root
    assert names(town, "A") == names(town, "B") == ["leaves.txt", "timestamp-0001.der"]
    with town.service.database.reading() as connection:
        locked = connection.execute(select(evidence_copies.c.locked_until)).scalars().all()
    assert {until.date() for until in locked} == {date(2052, 12, 31)}
    assert town.log_is_whole()


def test_what_cannot_be_checked_later_gets_no_evidence(office: Office, ages: Ages) -> None:
    town, made = office
    with town.service.database.writing() as connection:
        connection.execute(
            update(signatures)
            .where(signatures.c.document == made[REPORT], signatures.c.role == "director")
            .values(level="B-T")
        )
    with ages.alive(DAY, "first"):
        done = upkeep(town, ages, "first")(DAY)
    assert done.attested is not None
    assert done.attested.documents == 1
    (left,) = done.attested.unready
    assert (left.document, left.code) == (made[REPORT], "evidence-below-lt")
    assert "B-T" in left.reason
    assert town.service.prove.report(made[REPORT], DAY) is None
    told = town.ask("director", "GET", f"/v1/documents/{made[REPORT]}/evidence")
    assert (told.status_code, told.json["code"]) == (404, "evidence-missing")


def test_signed_in_2026_and_proven_in_2035_and_in_2051(attested: Office, ages: Ages) -> None:
    """Two authorities end meanwhile, SHA-256 goes out of use, the signer is long gone."""
    town, made = attested
    summary = made[SUMMARY]
    with ages.alive(RENEWED, "first", "second"):
        done = upkeep(town, ages, "second")(RENEWED)
    assert done.problems == ()
    assert done.renewal is not None
    assert [one.fate for one in done.renewal.outlooks] == [Fate.DUE]
    assert [one.timestamps for one in done.renewal.renewed] == [2]
    found = report(town, summary, RENEWED)
    assert (found.state, found.since) == (Proof.PROVEN, DAY)

    shutil.rmtree(town.settings.data / "objects")
    weak = {"evidence_digest": "streebog256", "deprecated_digests": {"sha256": date(2046, 1, 1)}}
    with ages.alive(REBUILT, "second", "third"):
        done = upkeep(town, ages, "third", **weak)(REBUILT)
        idle = upkeep(town, ages, "third", **weak)(REBUILT + timedelta(days=1))
    assert done.problems == ()
    assert done.renewal is not None
    assert [one.fate for one in done.renewal.outlooks] == [Fate.WEAK]
    assert done.renewal.rebuilt is not None
    assert (done.renewal.rebuilt.documents, done.renewal.rebuilt.unready) == (2, ())
    assert idle.renewal is not None
    assert [one.fate for one in idle.renewal.outlooks] == [Fate.WAITS]
    old, new = trees(town)
    assert (old.superseded_by, new.superseded_by) == (new.id, None)
    assert (new.algorithm, new.count) == ("streebog256", 2)

    found = report(town, summary, LAST)
    assert (found.state, found.since, found.whole) == (Proof.PROVEN, DAY, True)
    assert [one.over for one in found.timestamps] == [Over.DATA, Over.TIMESTAMP, Over.CHAINS]
    assert [one.algorithm for one in found.timestamps] == ["sha256", "sha256", "streebog256"]

    path = f"/v1/documents/{summary}/evidence"
    assert town.ask("elsewhere", "GET", path).status_code == 404
    told = town.ask("director", "GET", path)
    assert (told.status_code, told.content_type) == (200, "application/octet-stream")
    record, pdf = Record.load(told.data), _from_store(town, summary)
    alone = verify(record, [digest_of(pdf)], ages.trust, LAST)
    assert (alone.state, alone.since) == (Proof.PROVEN, DAY)
    assert {one.valid for one in verify_signatures(pdf, ages.trust, LAST)} == {None}
    backed = verify_signatures(pdf, ages.trust, alone.since or LAST)
    assert [(one.field, one.valid) for one in backed] == [("deputy", True), ("director", True)]
    stranger = verify(record, [digest_of(pdf + b"\n")], ages.trust, LAST)
    assert stranger.state is Proof.NOT_COVERED
    assert names(town, "A") == names(town, "B")
    assert len(names(town, "A")) == 5
    assert town.log_is_whole()


def _from_store(town: Town, document: str) -> bytes:
    (found,) = (
        one for one in town.archived_files("B") if f"{document}/v1/document.pdf" in str(one)
    )
    return found.read_bytes()


def test_a_missed_renewal_is_told_and_nothing_is_feigned(attested: Office, ages: Ages) -> None:
    town, made = attested
    late = datetime(2037, 6, 15, tzinfo=UTC)
    with ages.alive(late, "second"):
        asked = ages.asked()
        done = upkeep(town, ages, "second")(late)
        assert ages.asked() == asked
    assert done.renewal is not None
    assert [one.fate for one in done.renewal.outlooks] == [Fate.MISSED]
    assert done.renewal.renewed == ()
    for at in (late, LAST):
        found = report(town, made[SUMMARY], at)
        assert (found.state, found.code) == (Proof.UNDETERMINED, "timestamp-not-renewed")
        assert "27.05.2036" in found.reason


def test_renewing_reads_no_file_and_asks_once_for_all_trees(office: Office, ages: Ages) -> None:
    town, made = office
    with town.service.database.writing() as connection:
        later = (signatures.c.document == made[REPORT],)
        connection.execute(update(signatures).where(*later).values(level="B-T"))
    with ages.alive(DAY, "first"):
        upkeep(town, ages, "first")(DAY)
        with town.service.database.writing() as connection:
            connection.execute(update(signatures).where(*later).values(level="B-LT"))
            connection.execute(update(copies).values(locked_until=LAST))
        upkeep(town, ages, "first")(DAY + timedelta(minutes=30))
    assert [one.count for one in trees(town)] == [1, 1]
    shutil.rmtree(town.settings.data / "objects")
    shutil.rmtree(town.folder / "A" / "objects" / "sosh18")
    with ages.alive(RENEWED, "first", "second"):
        done = upkeep(town, ages, "second")(RENEWED)
    assert done.renewal is not None
    assert [one.timestamps for one in done.renewal.renewed] == [2, 2]
    with town.service.database.reading() as connection:
        tokens = {_token(evidence.newest(connection, one).archived) for one in done.renewal.renewed}
    assert len(tokens) == 1, "both share it"
    for document in made.values():
        assert report(town, document, RENEWED).state is Proof.PROVEN


def _token(archived: bytes) -> bytes:
    return ArchiveTimestamp.load(archived).token
