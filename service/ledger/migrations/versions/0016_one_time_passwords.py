"""Passwords that have to be changed at the first login, and until when they are good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

HOLDS = ("accounts",)


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("password_until", sa.String(length=32)))
