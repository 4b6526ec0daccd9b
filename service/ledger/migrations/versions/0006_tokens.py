"""Tokens made over the API."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; those of the settings stay where they are."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64)),
        sa.Column("previous_until", sa.String(length=32)),
        sa.Column("duties", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON()),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.String(length=32)),
        sa.Column("used_at", sa.String(length=32)),
        sa.Column("revoked_at", sa.String(length=32)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
    )
    op.create_index("ix_tokens_school", "tokens", ["school"])
