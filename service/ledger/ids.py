"""Ids that follow from what they stand for, so that the same thing has the same id again."""

from __future__ import annotations

import json

from service.ledger.files import sha256

DIGITS = 32  # hexadecimal: half of a SHA-256


def id_of(*parts: str) -> str:
    """Return the id of what these words decide: 32 hexadecimal digits of their JSON's SHA-256."""
    return sha256(json.dumps(parts, ensure_ascii=False).encode())[:DIGITS]
