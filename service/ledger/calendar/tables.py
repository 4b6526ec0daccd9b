"""Tables of scheduled runs: what snapshots they may take, when they begin, what they make."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from service.ledger.columns import HASH, ID, METADATA, Because, Moment

newest_journals = Table(
    "newest_journals",
    METADATA,
    Column("school", ID, primary_key=True),
    Column("year", String(9), primary_key=True),
    Column("class_id", ID, primary_key=True),
    Column("final_for", String(72), primary_key=True),  # «any», «year», «term:q1»
    Column("snapshot", ForeignKey("snapshots.id"), nullable=False),
    Column("class_title", String(40), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("scheme", String(12), nullable=False),
    Column("marked", Boolean, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

school_years = Table(
    "school_years",
    METADATA,
    Column("school", ID, primary_key=True),
    Column("label", String(9), primary_key=True),
    Column("snapshot", ForeignKey("snapshots.id"), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("terms", JSON, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

schedule = Table(
    "schedule",
    METADATA,
    Column("school", ID, primary_key=True),
    Column("entry", String(40), primary_key=True),
    Column("next_due", Moment),  # none: nothing is known to come
    Index("ix_schedule_next_due", "next_due"),
)

schedule_plans = Table(
    "schedule_plans",
    METADATA,
    Column("school", ID, primary_key=True),
    Column("due", Moment, nullable=False),  # when the schedule is to be worked out anew
    Index("ix_schedule_plans_due", "due"),
)

runs = Table(
    "runs",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("school", ID, nullable=False),
    Column("entry", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("year", String(9), nullable=False),
    Column("term", ID, nullable=False),  # empty: not of one term
    Column("kinds", JSON, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("snapshot_due", Date, nullable=False),
    Column("documents_due", Date, nullable=False),
    Column("signed_due", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("begun_by", ID, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("next_look", Moment),  # none once it has ended
    Column("next_pull", Moment),  # none: nobody is to be asked for a snapshot
    Column("problem", Because),  # why the last pull brought nothing
    Column("look_by", ID),  # the process that looks at it now, or died over it
    Column("pull_by", ID),  # the process that asks its journal now, or died over it
    Index("ix_runs_school", "school", "begun_at", "id"),
    Index("ix_runs_next_look", "next_look"),
    Index("ix_runs_next_pull", "next_pull"),
    Index("ix_runs_look_by", "look_by"),
    Index("ix_runs_pull_by", "pull_by"),
)

run_lines = Table(
    "run_lines",
    METADATA,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("class_id", ID, primary_key=True),
    Column("kind", ID, primary_key=True),
    Column("term", ID, primary_key=True),
    Column("snapshot", ForeignKey("snapshots.id"), nullable=False),
    Column("document", ForeignKey("documents.id")),
    Column("problem", Because),  # why it could not be ordered
    Column("again", Boolean, nullable=False),  # to be looked at anew
)

run_reminders = Table(
    "run_reminders",
    METADATA,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("about", String(24), primary_key=True),
    Column("stage", Integer, primary_key=True),  # days before the deadline
    Column("said_at", Moment, nullable=False),
)

layouts = Table(
    "layouts",
    METADATA,
    Column("id", ID, primary_key=True),  # of snapshot, kind, class, term, options and forms
    Column("school", ID, nullable=False),
    Column("snapshot", ForeignKey("snapshots.id"), nullable=False),
    Column("kind", ID, nullable=False),
    Column("class_id", ID, nullable=False),
    Column("term", ID, nullable=False),
    Column("options", Text, nullable=False),
    Column("forms", HASH, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("claimed_by", ID),  # the process that counts it now, or died over it
    Column("claimed_until", Moment),
    Column("done_at", Moment),
    Column("pages", JSON),  # of each volume
    Column("sheets", JSON),
    Column("seconds", Float),
    Column("problem", JSON),  # {code, message, faults}: why it cannot be printed
    Index("ix_layouts_done_at", "done_at", "asked_at"),
    Index("ix_layouts_claimed_by", "claimed_by"),
)
