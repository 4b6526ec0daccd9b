"""The signing office: sessions of many documents, detached signatures, packages, evidence."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables."""
