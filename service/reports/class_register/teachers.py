"""Who taught a group, as its pages name them."""

from __future__ import annotations

from datetime import date

from service.domain.journal import Group, Teaching
from service.domain.wording import dates, names
from service.reports.class_register.reading import Reading


def in_order_of_time(group: Group) -> tuple[Teaching, ...]:
    """Return a group's teachers, the first of the year first."""
    return tuple(sorted(group.teachers, key=lambda t: (t.from_, t.to or date.max)))


def on_page(reading: Reading, group: Group) -> str:
    """Return the head of the topics page.

    One teacher stands there by full name, several with dates (E08):
    «Петров П.П. (по 12.01.2027), Иванова И.И. (с 13.01.2027)».
    """
    teachings = in_order_of_time(group)
    if len({teaching.id for teaching in teachings}) == 1:
        return names.full(reading.staff[teachings[0].id])
    first = min((t.from_ for t in teachings), default=date.min)
    last = max((t.to or date.max for t in teachings), default=date.max)
    return ", ".join(_dated(reading, teaching, first, last) for teaching in teachings)


def in_contents(reading: Reading, group: Group) -> str:
    """Return the teachers of a group without dates: «Петров П.П., Иванова И.И.»."""
    return ", ".join(dict.fromkeys(reading.person(t.id) for t in in_order_of_time(group)))


def at(reading: Reading, group: Group, day: date) -> str:
    """Return who teaches the group on a day, or the last who did: «Петров П.П.»."""
    before = [t for t in in_order_of_time(group) if t.from_ <= day]
    present = [t for t in before if t.to is None or t.to >= day]
    return ", ".join(dict.fromkeys(reading.person(t.id) for t in present or before[-1:]))


def _dated(reading: Reading, teaching: Teaching, first: date, last: date) -> str:
    bounds = []
    if teaching.from_ > first:
        bounds.append(f"с {dates.day(teaching.from_)}")
    if teaching.to is not None and teaching.to < last:
        bounds.append(f"по {dates.day(teaching.to)}")
    name = reading.person(teaching.id)
    return f"{name} ({' '.join(bounds)})" if bounds else name
