"""Lists page by page: an index for each, and the key their cursors are sealed with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "cursor_key",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursor_key")),
    )
    op.drop_index("ix_documents_school_state", "documents")
    op.drop_index("ix_packages_school", "packages")
    op.create_index("ix_documents_school", "documents", ["school", "created_at", "id"])
    op.create_index(
        "ix_documents_school_state", "documents", ["school", "state", "created_at", "id"]
    )
    op.create_index("ix_jobs_school", "jobs", ["school", "created_at", "id"])
    op.create_index("ix_packages_school", "packages", ["school", "created_at", "id"])
    op.create_index("ix_snapshots_school", "snapshots", ["school", "accepted_at", "id"])
