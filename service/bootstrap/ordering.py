"""What takes orders: of people at the doors and of runs at night, by the same settings."""

from __future__ import annotations

from service.ledger.database import Database
from service.ledger.road import Road
from service.reports import catalogue
from service.settings import Settings
from service.workflow.printing.order import Order
from service.workflow.schools import Schools


def order(settings: Settings, database: Database, road: Road, design: str, forms: str) -> Order:
    """Return what takes orders of documents printed by `design` and `forms`, their hashes."""
    return Order(
        database=database,
        kinds=catalogue(),
        schools=Schools(database, settings.schools),
        design=design,
        forms=forms,
        road=road,
        quota=settings.access.limits.open_jobs,
        public_url=settings.web.public_url,
    )
