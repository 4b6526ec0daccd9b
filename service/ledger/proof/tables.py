"""Tables of evidence records and of what is done daily."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from service.ledger.columns import HASH, ID, METADATA, Because, Moment

evidence_trees = Table(
    "evidence_trees",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("algorithm", String(20), nullable=False),
    Column("count", Integer, nullable=False),
    Column("root", String(128), nullable=False),  # hex
    Column("leaves", HASH, nullable=False),  # the file that lists documents and their hashes
    Column("timestamps", Integer, nullable=False),  # how many there are
    Column("stamped_at", Moment, nullable=False),  # time of the newest
    Column("valid_until", Moment, nullable=False),  # the first end among its certificates
    Column("keep_until", Moment, nullable=False),  # the longest lock among the documents
    Column("superseded_by", ID),  # the tree of another algorithm that took all documents over
    Index("ix_evidence_trees_valid_until", "superseded_by", "valid_until"),
)

evidence_timestamps = Table(
    "evidence_timestamps",
    METADATA,
    Column("tree", ForeignKey("evidence_trees.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("time", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("archived", LargeBinary, nullable=False),  # ArchiveTimeStamp of RFC 4998, DER
)

evidence_members = Table(
    "evidence_members",
    METADATA,
    Column("document", ForeignKey("documents.id"), primary_key=True),
    Column("tree", ForeignKey("evidence_trees.id"), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("hashes", LargeBinary, nullable=False),  # of its files as they went in, end to end
    Column("superseded_by", ID),  # the tree of another algorithm that took it over
    Index("ix_evidence_members_tree", "tree", "place"),
)

evidence_copies = Table(
    "evidence_copies",
    METADATA,
    Column("tree", ForeignKey("evidence_trees.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("key", Text, nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("locked_until", Moment, nullable=False),
    Column("sha256", HASH, nullable=False),
    Column("size", Integer, nullable=False),
    Column("checked", Moment, nullable=False),
)

chores = Table(
    "chores",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("due", Moment, nullable=False),
    Column("claimed_by", ID),  # the worker that does it now, or died over it
    Column("claimed_until", Moment),
    Column("done_at", Moment),
    Column("problem", Because),  # why it was put off last
)
