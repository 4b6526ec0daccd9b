"""Many hosts: which workers live, and whose step comes first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; steps and orders that are there already count as urgent and next."""
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("batch", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("batch", server_default=None)
    with op.batch_alter_table("steps") as steps:
        steps.add_column(sa.Column("school", sa.String(length=64)))
        steps.add_column(sa.Column("turn", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE steps SET school ="
        " (SELECT school FROM documents WHERE documents.id = steps.document)"
    )
    with op.batch_alter_table("steps") as steps:
        steps.alter_column("school", existing_type=sa.String(length=64), nullable=False)
        steps.alter_column("turn", server_default=None)
        steps.create_index("ix_steps_turn", ["finished_at", "turn"])
        steps.create_index("ix_steps_school_turn", ["school", "finished_at", "turn"])
