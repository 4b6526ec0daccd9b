"""Runs the migrations on the connection it is handed; there is no other way to run them."""

from __future__ import annotations

from alembic import context

from service.ledger import tables  # noqa: F401 - they fill METADATA
from service.ledger.columns import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
