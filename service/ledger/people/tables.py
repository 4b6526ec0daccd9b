"""Tables of who may come in: tokens, accounts, and who is logged in."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

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
    Index("ix_tokens_school", "school", "made_at", "id"),
)

accounts = Table(
    "accounts",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),  # or * for all: a person at two has two
    Column("name", String(300), nullable=False),  # never in a log
    Column("duties", JSON, nullable=False),
    Column("classes", JSON, nullable=False),
    Column("login", String(64)),
    Column("password", String(200)),  # argon2
    Column("password_until", Moment),  # of a one-time password; none: it is the person's own
    Column("subject", String(255)),  # at the identity provider
    Column("certificate", HASH),
    Column("made_by", ID, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("login", "school"),
    UniqueConstraint("subject", "school"),
    UniqueConstraint("certificate", "school"),
    Index("ix_accounts_school", "school", "made_at", "id"),
)

logins = Table(
    "logins",
    METADATA,
    Column("sha256", HASH, primary_key=True),  # of the cookie
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("way", String(12), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # to the minute
    Column("ends_at", Moment, nullable=False),
    Index("ix_logins_account", "account"),
    Index("ix_logins_ends_at", "ends_at"),
)

login_failures = Table(
    "login_failures",
    METADATA,
    Column("who", HASH, primary_key=True),  # SHA-256 of login name and address
    Column("failures", Integer, nullable=False),
    Column("until", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_login_failures_at", "at"),
)
