"""Tables of who may come in: tokens."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table

from service.ledger.columns import HASH, ID, METADATA, Moment

tokens = Table(
    "tokens",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),  # or * for all
    Column("sha256", HASH, nullable=False),  # of the whole token
    Column("previous", HASH),  # of the one before the last rotation
    Column("previous_until", Moment),
    Column("duties", JSON, nullable=False),
    Column("scopes", JSON(none_as_null=True)),  # none: whatever the duties give
    Column("classes", JSON, nullable=False),
    Column("description", String(200), nullable=False),
    Column("made_by", ID, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),  # to the minute
    Column("revoked_at", Moment),
    Index("ix_tokens_school", "school"),
)
