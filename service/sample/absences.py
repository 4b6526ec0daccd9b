"""On which days a pupil is away, and why: illnesses of some days, single days otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from service.domain.codes import Attendance
from service.sample import year
from service.sample.roster import Pupil, Trait

_LONGEST = 8
_MOST = 60
_SHORT = ("ABSENT_VALID", "ABSENT", "ABSENT_INVALID", "ABSENT_ILL")
_SHORT_SHARE = (40, 30, 15, 15)
_ILL_TERM = year.QUARTERS[2]


def away(pupil: Pupil, days: Sequence[date], random: Random) -> Mapping[date, Attendance]:
    """Return the whole days a pupil misses: as many as his row of the data set says."""
    if Trait.HOME_SCHOOLED in pupil.traits:
        return {}
    missed: dict[date, Attendance] = {}
    left = min(pupil.level.absences, _MOST)
    while left > 0:
        length = min(left, random.choice((1, 1, 1, 2, 3, 4, 5, _LONGEST)))
        start = random.randrange(len(days))
        reason = _reason(length, random)
        for day in days[start : start + length]:
            missed.setdefault(day, reason)
        left -= length
    if Trait.ILL_ALL_TERM in pupil.traits:
        first, last = _ILL_TERM
        missed |= {day: Attendance.ABSENT_ILL for day in days if first <= day <= last}
    return missed


def _reason(length: int, random: Random) -> Attendance:
    if length > 1:
        ill = random.random() < 0.85  # noqa: PLR2004
        return Attendance.ABSENT_ILL if ill else Attendance.ABSENT_VALID
    (name,) = random.choices(_SHORT, _SHORT_SHARE)
    return Attendance(name)
