"""Pages, sheets, sides."""

import json
from pathlib import Path

from service.domain.pagination import (
    PageCount,
    is_front,
    sheet_of,
)

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))["sheets"]


def test_golden_sheets():
    for row in GOLDEN:
        assert PageCount(row["pages"]).sheets == row["sheets"] == sheet_of(row["pages"])


def test_sides_alternate():
    for page in range(1, 9):
        assert is_front(page) != is_front(page + 1)
        assert is_front(page) == (sheet_of(page) == sheet_of(page + 1))
