"""What a /ByteRange may say: two stretches, the file from its start, one gap full of signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyhanko.pdf_utils.generic import NumberObject, PdfObject

NUMBERS = 4  # (start, length) twice: ISO 32000-2, 12.8.1 with PAdES's tighter rule


class RangeFault(StrEnum):
    """How a /ByteRange tries to leave something out."""

    UNREADABLE = "range-unreadable"
    PARTS = "range-parts"
    NEGATIVE = "range-negative"
    LATE_START = "range-late-start"
    OVERLAP = "range-overlap"
    GAP = "range-gap"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Two stretches of a file: the first from its start, the second up to `end`."""

    length: int
    again: int
    end: int

    def of(self, pdf: bytes) -> tuple[memoryview, memoryview]:
        """Return the bytes it covers."""
        whole = memoryview(pdf)
        return whole[: self.length], whole[self.again : self.end]


def read(said: PdfObject | None, pdf: bytes, contents: bytes) -> ByteRange:
    """Return what a /ByteRange says, or raise RangeRefused with what is wrong with it.

    The gap must be exactly the hexadecimal string of `contents`, so that nothing hides in it.
    """
    if not isinstance(said, list) or not all(isinstance(one, NumberObject) for one in said):
        raise RangeRefused(RangeFault.UNREADABLE)
    numbers = [int(one) for one in said]
    if len(numbers) != NUMBERS:
        raise RangeRefused(RangeFault.PARTS if numbers else RangeFault.UNREADABLE)
    if any(number < 0 for number in numbers):
        raise RangeRefused(RangeFault.NEGATIVE)
    start, length, again, rest = numbers
    if start != 0:
        raise RangeRefused(RangeFault.LATE_START)
    if again < length:
        raise RangeRefused(RangeFault.OVERLAP)
    if again + rest > len(pdf):
        raise RangeRefused(RangeFault.CUT)
    if pdf[length:again].lower() != b"<" + contents.hex().encode() + b">":
        raise RangeRefused(RangeFault.GAP)
    return ByteRange(length, again, again + rest)


class RangeRefused(Exception):
    """A /ByteRange that cannot be believed."""

    def __init__(self, fault: RangeFault):
        super().__init__(fault.value)
        self.fault = fault
