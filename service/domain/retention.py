"""How long a document is kept: whole calendar years after the year its file was closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Retention(IntEnum):
    """Years of retention."""

    FIVE_YEARS = 5
    TWENTY_FIVE_YEARS = 25
