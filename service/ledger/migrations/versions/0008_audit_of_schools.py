"""Lines of the audit log are numbered and chained within each school as well."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST = "0" * 64
AT_ONCE = 2000
CHAINED = ("school_number", "school_previous", "school_hash")


def upgrade() -> None:
    """Add the columns and chain the lines that are there; what they say does not change."""
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("school_number", sa.Integer()))
        audit.add_column(sa.Column("school_previous", sa.String(length=64)))
        audit.add_column(sa.Column("school_hash", sa.String(length=64)))
    _chain(op.get_bind())
    with op.batch_alter_table("audit") as audit:
        audit.alter_column("school_number", existing_type=sa.Integer(), nullable=False)
        audit.alter_column("school_previous", existing_type=sa.String(length=64), nullable=False)
        audit.alter_column("school_hash", existing_type=sa.String(length=64), nullable=False)
        audit.create_unique_constraint(op.f("uq_audit_school"), ["school", "school_number"])


def _chain(connection: sa.Connection) -> None:
    audit = sa.table("audit", *map(sa.column, ("number", "school", "hash", *CHAINED)))
    change = (
        sa.update(audit)
        .where(audit.c.number == sa.bindparam("line"))
        .values({name: sa.bindparam(f"new_{name}") for name in CHAINED})
    )
    ends: dict[str, tuple[int, str]] = {}
    done = 0
    while rows := connection.execute(
        sa.select(audit.c.number, audit.c.school, audit.c.hash)
        .where(audit.c.number > done)
        .order_by(audit.c.number)
        .limit(AT_ONCE)
    ).all():
        changes = []
        for row in rows:
            number, previous = ends.get(row.school, (0, FIRST))
            sealed = _seal(number + 1, previous, row.hash)
            ends[row.school] = number + 1, sealed
            new = dict(zip(CHAINED, (number + 1, previous, sealed), strict=True))
            changes.append({"line": row.number} | {f"new_{k}": v for k, v in new.items()})
        connection.execute(change, changes)
        done = rows[-1].number


def _seal(number: int, previous: str, line: str) -> str:
    canonical = json.dumps([number, previous, line], separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
