"""The table of repeated requests: which key was used for what, and what was answered."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table

from service.ledger.columns import HASH, ID, METADATA, Moment

idempotency = Table(
    "idempotency",
    METADATA,
    Column("school", ID, primary_key=True),
    Column("principal", ID, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", HASH, nullable=False),  # of method, address and body
    Column("claim", ID, nullable=False),  # of the request that is at work, or was
    Column("claimed_until", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("status", Integer),  # once it is answered
    Column("headers", JSON),
    Column("body", LargeBinary),  # nothing if it holds a secret that is told once
    Index("ix_idempotency_made_at", "made_at"),
)
