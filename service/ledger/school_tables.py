"""Tables of schools and of every version of their settings."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table

from service.ledger.columns import ID, METADATA, Moment

schools = Table(
    "schools",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("version", Integer, nullable=False),  # of its settings that count; 0: none here yet
    Column("created_by", ID, nullable=False),
    Column("created_at", Moment, nullable=False),
)

school_settings = Table(
    "school_settings",
    METADATA,
    Column("school", ForeignKey("schools.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("settings", JSON, nullable=False),  # the keys named by whoever changed them
    Column("changed_by", ID, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
