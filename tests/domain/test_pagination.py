"""Pages, sheets, sides."""

import json
from pathlib import Path

from service.domain.pagination import (
    PageCount,
    PrintMode,
    is_front,
    next_back,
    next_front,
    sheet_of,
)

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))["sheets"]


def test_golden_sheets():
    for row in GOLDEN:
        assert PageCount(row["pages"]).sheets == row["sheets"] == sheet_of(row["pages"])
    assert PageCount(163, PrintMode.ONE_SIDED).sheets == 163


def test_sides_alternate():
    for page in range(1, 9):
        front, back = next_front(page), next_back(page)
        assert is_front(front)
        assert not is_front(back)
        assert {front, back} == {page, page + 1}
        assert sheet_of(next_front(page) + 1) == sheet_of(next_front(page))
