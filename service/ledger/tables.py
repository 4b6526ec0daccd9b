"""What the ledger remembers: snapshots, documents, steps, signatures, copies, the audit log."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.ledger import fitting_tables, page_tables, school_tables  # noqa: F401 - they belong to METADATA too
from service.ledger.calendar import tables as runs_tables  # noqa: F401 - they belong to METADATA too
from service.ledger.columns import HASH, ID, METADATA, Because, Moment
from service.ledger.outgoing import tables as webhook_tables  # noqa: F401 - they belong to METADATA too
from service.ledger.people import tables as access_tables  # noqa: F401 - they belong to METADATA too
from service.ledger.proof import tables as evidence_tables  # noqa: F401 - they belong to METADATA too
from service.ledger.repeated import tables as idempotency_tables  # noqa: F401 - they belong to METADATA too

snapshots = Table(
    "snapshots",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("sha256", HASH, nullable=False),
    Column("size", Integer, nullable=False),
    Column("year", String(9), nullable=False),
    Column("year_end", Date, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("classes", JSON, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("accepted_at", Moment, nullable=False),
    UniqueConstraint("school", "sha256"),
    Index("ix_snapshots_school", "school", "accepted_at", "id"),
)

documents = Table(
    "documents",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("snapshot", ForeignKey("snapshots.id"), nullable=False),
    Column("kind", ID, nullable=False),
    Column("class_id", ID, nullable=False),
    Column("class_title", String(40), nullable=False),
    Column("term", ID, nullable=False),  # empty: the whole year
    Column("year", String(9), nullable=False),
    Column("year_end", Date, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("volume", Integer, nullable=False),
    Column("volumes", Integer),  # once it is printed
    Column("supersedes", ID, nullable=False),
    Column("options", Text, nullable=False),
    Column("forms", HASH, nullable=False),  # templates and fonts it is set in
    Column("route", JSON, nullable=False),
    Column("retention_years", Integer, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("state", String(24), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("failed_in", String(24)),
    Column("problem", Because),  # why it failed or was rejected
    Column("pages", Integer),
    Column("sheets", Integer),
    Column("pdf", HASH),  # the latest revision
    Column("printed", HASH),  # the revision nobody has signed
    Column("docx", HASH),
    Column("keep_until", Date),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("school", "year", "kind", "class_id", "term", "version", "volume"),
    Index("ix_documents_school", "school", "created_at", "id"),
    Index("ix_documents_school_state", "school", "state", "created_at", "id"),
    Index("ix_documents_pdf", "pdf"),
)

jobs = Table(
    "jobs",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("document", ForeignKey("documents.id"), nullable=False, unique=True),
    Column("ordered_by", ID, nullable=False),
    Column("batch", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_jobs_school", "school", "created_at", "id"),
)

steps = Table(
    "steps",
    METADATA,
    Column("document", ForeignKey("documents.id"), primary_key=True),
    Column("state", String(24), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("tries", Integer, nullable=False),  # times it was put off, over generations
    Column("starts", Integer, nullable=False),  # times a worker took it up
    Column("crashes", Integer, nullable=False),  # times it killed the process it ran in
    Column("due", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("percent", Integer, nullable=False),
    Column("doing", String(60), nullable=False),
    Column("pages", Integer, nullable=False),  # printed so far
    Column("pages_total", Integer),  # once they are laid out
    Column("problem", Because),
    Column("school", ID, nullable=False),
    Column("turn", Integer, nullable=False),  # among all open steps; the lowest is taken first
    Column("request", ID),  # the id of the HTTP request that called for it
    Column("trace", ID),  # its traceparent
    Index("ix_steps_open", "finished_at", "due"),
    Index("ix_steps_turn", "finished_at", "turn"),
    Index("ix_steps_pace", "state", "finished_at"),
    Index("ix_steps_school_turn", "school", "finished_at", "turn"),
)

workers = Table(
    "workers",
    METADATA,
    Column("name", ID, primary_key=True),
    Column("place", ID, nullable=False),  # the data folder it runs on
    Column("process", ID, nullable=False),
    Column("seen", Float, nullable=False),  # seconds of the database's clock
)

signing_sessions = Table(
    "signing_sessions",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("role", String(24), nullable=False),
    Column("opened_by", ID, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("signer", String(300)),  # once somebody has announced a certificate
    Column("certificates", JSON, nullable=False),  # base64 of DER, the signer's first
    Column("attorney", Text),  # the power of attorney behind the signatures, as JSON
    Index("ix_signing_sessions_expires_at", "expires_at"),
)

signing_items = Table(
    "signing_items",
    METADATA,
    Column("session", ForeignKey("signing_sessions.id"), primary_key=True),
    Column("id", ID, primary_key=True),  # of the document or package
    Column("subject", String(12), nullable=False),
    Column("place", Integer, nullable=False),
    Column("generation", Integer, nullable=False),  # of the subject when it was prepared
    Column("state", String(12), nullable=False),
    Column("problem", Because),  # why it cannot be signed, or is not prepared yet
    Column("answers", HASH),  # SHA-256 of the answers it was signed with
)

signing_parts = Table(
    "signing_parts",
    METADATA,
    Column("session", ID, primary_key=True),
    Column("id", ID, primary_key=True),
    Column("file", String(40), primary_key=True),
    Column("prepared", HASH),  # the file with the gap the signature goes into, if it goes into one
    Column("to_sign", LargeBinary, nullable=False),
    Column("document_digest", LargeBinary, nullable=False),
    Column("digest_algorithm", String(20), nullable=False),
    Column("signature_algorithm", String(40), nullable=False),
    Column("state", LargeBinary, nullable=False),  # what the signing library wants back
    ForeignKeyConstraint(["session", "id"], ["signing_items.session", "signing_items.id"]),
    Index("ix_signing_parts_prepared", "prepared"),
)

signatures = Table(
    "signatures",
    METADATA,
    Column("document", ForeignKey("documents.id"), primary_key=True),
    Column("role", String(24), primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("signer", String(300), nullable=False),
    Column("certificate", HASH, nullable=False),
    Column("level", String(20), nullable=False),
    Column("valid", Integer, nullable=False),
    Column("signed_at", Moment, nullable=False),
    Column("pdf", HASH, nullable=False),
)

copies = Table(
    "copies",
    METADATA,
    Column("document", ForeignKey("documents.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("key", Text, nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("locked_until", Moment, nullable=False),
    Column("sha256", HASH, nullable=False),
    Column("size", Integer, nullable=False),
    Column("checked", Moment, nullable=False),
    Column("streebog256", HASH),
)

detached = Table(
    "detached",
    METADATA,
    Column("subject", ID, primary_key=True),  # a document or a package
    Column("file", String(40), primary_key=True),  # which file of it is signed
    Column("role", String(24), primary_key=True),
    Column("generation", Integer, nullable=False),  # 1 for the first to sign the file, 2, …
    Column("content", HASH, nullable=False),  # the file that is signed
    Column("p7s", HASH, nullable=False),  # the signatures of the file up to this one
    Column("signer", String(300), nullable=False),
    Column("certificate", HASH, nullable=False),
    Column("level", String(20), nullable=False),
    Column("signed_at", Moment, nullable=False),
    UniqueConstraint("subject", "file", "generation"),
)

packages = Table(
    "packages",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("route", JSON, nullable=False),
    Column("manifest", HASH, nullable=False),
    Column("created_by", ID, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_packages_school", "school", "created_at", "id"),
)

attorneys = Table(
    "attorneys",
    METADATA,
    Column("subject", ID, primary_key=True),  # a document or a package
    Column("role", String(24), primary_key=True),
    Column("number", String(36), nullable=False),  # a GUID
    Column("issued", Date),
    Column("until", Date),
    Column("xml", HASH, nullable=False),  # empty: the number alone was given
    Column("signature", HASH, nullable=False),
    Column("findings", JSON, nullable=False),  # what was checked and what could not be
    Column("noted_at", Moment, nullable=False),
)

audit = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("school", ID, nullable=False),
    Column("subject", ID, nullable=False),
    Column("actor", ID, nullable=False),
    Column("action", String(40), nullable=False),
    Column("details", JSON, nullable=False),  # ids, states and hashes; never a name or a mark
    Column("previous", HASH, nullable=False),
    Column("hash", HASH, nullable=False, unique=True),
    Column("school_number", Integer, nullable=False),  # among the lines of its school: 1, 2, …
    Column("school_previous", HASH, nullable=False),
    Column("school_hash", HASH, nullable=False),
    UniqueConstraint("school", "school_number"),
    Index("ix_audit_subject", "subject"),
    Index("ix_audit_school", "school", "number"),
)
