"""Tables of webhooks: addresses, events on their way to them, attempts."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.ledger.columns import ID, METADATA, Moment

webhooks = Table(
    "webhooks",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("url", Text, nullable=False),
    Column("description", String(200), nullable=False),
    Column("events", JSON, nullable=False),  # types; none: all
    Column("state", String(12), nullable=False),
    Column("reason", String(12), nullable=False),  # why it is disabled
    Column("secrets", JSON, nullable=False),  # [{secret: sealed, until}], the one in force first
    Column("position", Integer, nullable=False),  # the last line of the audit log looked at
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", Moment),
    Column("rest_until", Moment),
    Column("last_ms", Integer),  # of the last answer
    Column("next_due", Moment),  # of its pending deliveries
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_webhooks_school", "school", "created_at"),
    Index("ix_webhooks_next_due", "state", "next_due"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("webhook", ForeignKey("webhooks.id"), nullable=False),
    Column("event", ID, nullable=False),  # the header webhook-id
    Column("number", Integer, nullable=False),  # of the line of the audit log; 0: a test
    Column("type", String(60), nullable=False),
    Column("body", Text, nullable=False),  # as it is sent each time
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Moment, nullable=False),  # while it is on its way: when it counts as lost
    Column("claimed_by", ID),  # the worker it is on its way from
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    UniqueConstraint("webhook", "event"),
    Index("ix_webhook_deliveries_due", "webhook", "state", "due"),
    Index("ix_webhook_deliveries_created_at", "webhook", "created_at", "id"),
    Index("ix_webhook_deliveries_finished_at", "finished_at"),
    Index("ix_webhook_deliveries_claimed_by", "claimed_by", "webhook"),
)

webhook_attempts = Table(
    "webhook_attempts",
    METADATA,
    Column("delivery", ForeignKey("webhook_deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("ms", Integer),  # nothing here: it is under way, or its worker died over it
    Column("status", Integer),  # of HTTP; nothing: there was no answer
    Column("trouble", String(20), nullable=False),
    Column("answer", Text, nullable=False),  # the first KiB
)
