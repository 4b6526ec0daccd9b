"""Whoever is free counts, page by page, what plans ask for."""

from __future__ import annotations

from functools import partial

from town import Town

from service.ledger.printing.layouts import Counted, Layout
from service.workflow.printing.lay_out import Carry, LayOut


def count(town: Town) -> int:
    """Count what is asked for; return how many documents that were."""
    lay_out = LayOut(town.service.database, lambda: town.service.order.forms, town.clock)
    carry = Carry(partial(_laid, town))
    came, done = (), 0
    while batch := lay_out(came, 2):
        came = tuple(map(carry, batch))
        done += len(came)
    return done


def _laid(town: Town, layout: Layout) -> Counted:
    return town.shop.lay_out(layout, town.clock())
