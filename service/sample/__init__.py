"""A school that does not exist, for demonstrations, tests and measurements."""

from __future__ import annotations

from service.sample.edges import WHERE, corrected
from service.sample.school import MOST_CLASSES, school

__all__ = ["MOST_CLASSES", "WHERE", "corrected", "school"]
