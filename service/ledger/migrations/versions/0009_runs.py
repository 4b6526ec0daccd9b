"""Scheduled runs: the newest journals, the calendar's next days, runs and what they make."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("year", sa.String(length=9), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("snapshot_due", sa.Date(), nullable=False),
        sa.Column("documents_due", sa.Date(), nullable=False),
        sa.Column("signed_due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("next_look", sa.String(length=32), nullable=True),
        sa.Column("next_pull", sa.String(length=32), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_next_look", "runs", ["next_look"], unique=False)
    op.create_index("ix_runs_next_pull", "runs", ["next_pull"], unique=False)
    op.create_index("ix_runs_school", "runs", ["school", "begun_at"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("next_due", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("school", "entry", name=op.f("pk_schedule")),
    )
    op.create_index("ix_schedule_next_due", "schedule", ["next_due"], unique=False)
    op.create_table(
        "schedule_plans",
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("due", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("school", name=op.f("pk_schedule_plans")),
    )
    op.create_index("ix_schedule_plans_due", "schedule_plans", ["due"], unique=False)
    op.create_table(
        "layouts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("forms", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.Column("claimed_until", sa.String(length=32), nullable=True),
        sa.Column("done_at", sa.String(length=32), nullable=True),
        sa.Column("pages", sa.JSON(), nullable=True),
        sa.Column("sheets", sa.JSON(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_layouts_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layouts")),
    )
    op.create_index("ix_layouts_done_at", "layouts", ["done_at", "asked_at"], unique=False)
    op.create_table(
        "newest_journals",
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("year", sa.String(length=9), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=False),
        sa.Column("final_for", sa.String(length=72), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("class_title", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=12), nullable=False),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.id"], name=op.f("fk_newest_journals_snapshot")
        ),
        sa.PrimaryKeyConstraint(
            "school", "year", "class_id", "final_for", name=op.f("pk_newest_journals")
        ),
    )
    op.create_table(
        "run_reminders",
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=24), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_run_reminders_run")),
        sa.PrimaryKeyConstraint("run", "about", "stage", name=op.f("pk_run_reminders")),
    )
    op.create_table(
        "school_years",
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=9), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.id"], name=op.f("fk_school_years_snapshot")
        ),
        sa.PrimaryKeyConstraint("school", "label", name=op.f("pk_school_years")),
    )
    op.create_table(
        "run_lines",
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_run_lines_document")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_run_lines_run")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_run_lines_snapshot")),
        sa.PrimaryKeyConstraint("run", "class_id", "kind", "term", name=op.f("pk_run_lines")),
    )
