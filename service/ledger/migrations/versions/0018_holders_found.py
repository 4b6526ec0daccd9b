"""What a process that died had in hand is found at once, in tables of any size."""

from __future__ import annotations

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HOLDS = ()

INDICES = (
    ("ix_runs_look_by", "runs", ("look_by",)),
    ("ix_runs_pull_by", "runs", ("pull_by",)),
    ("ix_layouts_claimed_by", "layouts", ("claimed_by",)),
)


def upgrade() -> None:
    """Change nothing else."""
