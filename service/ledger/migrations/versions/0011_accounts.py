"""People: their accounts, and who is logged in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("duties", sa.JSON(), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("login", sa.String(length=64)),
        sa.Column("password", sa.String(length=200)),
        sa.Column("subject", sa.String(length=255)),
        sa.Column("certificate", sa.String(length=64)),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.String(length=32)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", "school", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("subject", "school", name=op.f("uq_accounts_subject")),
        sa.UniqueConstraint("certificate", "school", name=op.f("uq_accounts_certificate")),
    )
    op.create_index("ix_accounts_school", "accounts", ["school"])
    op.create_table(
        "logins",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("began_at", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.String(length=32), nullable=False),
        sa.Column("ends_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_logins_account")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_logins")),
    )
    op.create_index("ix_logins_account", "logins", ["account"])
    op.create_index("ix_logins_ends_at", "logins", ["ends_at"])
    op.create_table(
        "login_failures",
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_login_failures")),
    )
    op.create_index("ix_login_failures_at", "login_failures", ["at"])
