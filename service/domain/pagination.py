"""Pages and sheets: how many, on which side, in which order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageCount:
    """A number of pages and the sheets they take, printed on both sides."""

    pages: int

    @property
    def sheets(self) -> int:
        """Sheets of paper; the last one may be empty on its back."""
        return sheet_of(self.pages)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a book says of itself once it is laid out."""

    count: PageCount
    volume: int = 1
    volumes: int = 1


def sheet_of(page: int) -> int:
    """Return the sheet that carries a page of a two-sided book; both count from 1."""
    return (page + 1) // 2


def is_front(page: int) -> bool:
    """Tell whether a page of a two-sided book is the front of its sheet: fronts are odd."""
    return page % 2 == 1
