"""Which process holds a run or a layout: once it is known dead nobody waits for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

HOLDS = ("layouts", "runs")


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("look_by", sa.String(length=64)))
        runs.add_column(sa.Column("pull_by", sa.String(length=64)))
    with op.batch_alter_table("layouts") as layouts:
        layouts.add_column(sa.Column("claimed_by", sa.String(length=64)))
