"""The sheet every peer prints on, in millimetres and points, as our own forms have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 210, 297
LEFT, RIGHT, TOP, BOTTOM = 25, 10, 15, 15
NUMBER, COLUMN, COLUMNS = 8, 6, 20
NAME = WIDTH - LEFT - RIGHT - NUMBER - COLUMNS * COLUMN
BAND, DAY, ROW, LINE = 5, 14, 6.2, 5
LESSON, DATE, HOMEWORK = 12, 14, 65
TOPIC = WIDTH - LEFT - RIGHT - LESSON - DATE - HOMEWORK
TITLE, TEXT = 10, 8.5  # points
RULE = 0.4  # points
SHADE = 0.85
REGULAR, BOLD = "PTSans-Regular.ttf", "PTSans-Bold.ttf"

Spread = dict[str, Any]


def read(file: str) -> list[Spread]:
    """Return the spreads of a register."""
    spreads: list[Spread] = json.loads(Path(file).read_text())
    return spreads
