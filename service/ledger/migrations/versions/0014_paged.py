"""Lists of tokens, accounts and runs are read in order out of an index, not sorted each time."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

HOLDS = ("accounts", "runs", "tokens")

ORDERS = (("tokens", "made_at"), ("accounts", "made_at"), ("runs", "begun_at"))


def upgrade() -> None:
    """Make the indices anew, down to the id that tells rows of one moment apart."""
    for table, at in ORDERS:
        op.drop_index(f"ix_{table}_school", table_name=table)
        op.create_index(f"ix_{table}_school", table, ["school", at, "id"])
