"""Live upgrades: from here on programs of this version go on working with later tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLDEST = "0013"


def upgrade() -> None:
    """Add the table and its row."""
    fitting = op.create_table(
        "fitting",
        sa.Column("oldest", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("oldest", name=op.f("pk_fitting")),
    )
    op.bulk_insert(fitting, [{"oldest": OLDEST}])
