"""Progress: pages printed so far and in all, and an index to tell the pace by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("steps") as steps:
        steps.add_column(sa.Column("pages", sa.Integer(), nullable=False, server_default="0"))
        steps.add_column(sa.Column("pages_total", sa.Integer()))
    with op.batch_alter_table("steps") as steps:
        steps.alter_column("pages", server_default=None)
        steps.create_index("ix_steps_pace", ["state", "finished_at"])
