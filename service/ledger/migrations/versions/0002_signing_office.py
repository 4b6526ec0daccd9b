"""The signing office: sessions of many documents, detached signatures, packages, evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables."""
    op.add_column("copies", sa.Column("streebog256", sa.String(length=64), nullable=True))
    op.create_table(
        "detached",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("p7s", sa.String(length=64), nullable=False),
        sa.Column("signer", sa.String(length=300), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("signed_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("subject", "file", "role", name=op.f("pk_detached")),
        sa.UniqueConstraint("subject", "file", "generation", name=op.f("uq_detached_subject")),
    )
    op.create_table(
        "packages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )
    op.create_index("ix_packages_school", "packages", ["school", "created_at"], unique=False)
    op.drop_table("signings")
    op.create_table(
        "signing_sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.Column("signer", sa.String(length=300), nullable=True),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("attorney", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_sessions")),
    )
    op.create_index(
        "ix_signing_sessions_expires_at", "signing_sessions", ["expires_at"], unique=False
    )
    op.create_table(
        "signing_items",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("answers", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["signing_sessions.id"], name=op.f("fk_signing_items_session")
        ),
        sa.PrimaryKeyConstraint("session", "id", name=op.f("pk_signing_items")),
    )
    op.create_table(
        "signing_parts",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("prepared", sa.String(length=64), nullable=True),
        sa.Column("to_sign", sa.LargeBinary(), nullable=False),
        sa.Column("document_digest", sa.LargeBinary(), nullable=False),
        sa.Column("digest_algorithm", sa.String(length=20), nullable=False),
        sa.Column("signature_algorithm", sa.String(length=40), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session", "id"],
            ["signing_items.session", "signing_items.id"],
            name=op.f("fk_signing_parts_session"),
        ),
        sa.PrimaryKeyConstraint("session", "id", "file", name=op.f("pk_signing_parts")),
    )
    op.create_index("ix_signing_parts_prepared", "signing_parts", ["prepared"], unique=False)
    op.create_table(
        "attorneys",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=36), nullable=False),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("xml", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("noted_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("subject", "role", name=op.f("pk_attorneys")),
    )
    _evidence()


def _evidence() -> None:
    op.create_table(
        "evidence_trees",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("algorithm", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=128), nullable=False),
        sa.Column("leaves", sa.String(length=64), nullable=False),
        sa.Column("timestamps", sa.Integer(), nullable=False),
        sa.Column("stamped_at", sa.String(length=32), nullable=False),
        sa.Column("valid_until", sa.String(length=32), nullable=False),
        sa.Column("keep_until", sa.String(length=32), nullable=False),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_trees")),
    )
    op.create_index(
        "ix_evidence_trees_valid_until",
        "evidence_trees",
        ["superseded_by", "valid_until"],
        unique=False,
    )
    op.create_table(
        "evidence_timestamps",
        sa.Column("tree", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("time", sa.String(length=32), nullable=False),
        sa.Column("valid_until", sa.String(length=32), nullable=False),
        sa.Column("archived", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tree"], ["evidence_trees.id"], name=op.f("fk_evidence_timestamps_tree")
        ),
        sa.PrimaryKeyConstraint("tree", "number", name=op.f("pk_evidence_timestamps")),
    )
    op.create_table(
        "evidence_members",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("tree", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.id"], name=op.f("fk_evidence_members_document")
        ),
        sa.ForeignKeyConstraint(
            ["tree"], ["evidence_trees.id"], name=op.f("fk_evidence_members_tree")
        ),
        sa.PrimaryKeyConstraint("document", "tree", name=op.f("pk_evidence_members")),
    )
    op.create_index("ix_evidence_members_tree", "evidence_members", ["tree", "place"], unique=False)
    op.create_table(
        "evidence_copies",
        sa.Column("tree", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("locked_until", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("checked", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["tree"], ["evidence_trees.id"], name=op.f("fk_evidence_copies_tree")
        ),
        sa.PrimaryKeyConstraint("tree", "name", "store", name=op.f("pk_evidence_copies")),
    )
    op.create_table(
        "chores",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("due", sa.String(length=32), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.String(length=32), nullable=True),
        sa.Column("done_at", sa.String(length=32), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chores")),
    )
