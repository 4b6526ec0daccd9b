"""Where a step comes from: the request that called for it, and its trace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HOLDS = ("steps",)


def upgrade() -> None:
    """Add the columns; steps of before come from nowhere."""
    op.add_column("steps", sa.Column("request", sa.String(length=64), nullable=True))
    op.add_column("steps", sa.Column("trace", sa.String(length=64), nullable=True))
