"""The teachers of the sample school: as many as the hours need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from service.domain.snapshot import Staff
from service.sample import names
from service.sample.dice import dice
from service.sample.names import FullName
from service.sample.roster import ClassKey

_LOAD = Decimal(26)  # hours a week
_PRIMARY = 4
_ENOUGH = 600
_OWN_TEACHERS = frozenset({"eng", "mus", "pe"})  # in primary school, beside the class's teacher
_SAME_TEACHER = {
    "lit": "rus", "nat": "rus", "natlit": "rus", "algan": "alg", "geom": "alg", "prob": "alg",
    "math": "alg", "soc": "hist", "odnk": "hist", "art": "mus",
}  # fmt: skip


@dataclass(slots=True)
class Team:
    """Hires teachers one after the other while classes are staffed."""

    seed: int
    members: list[Staff] = field(default_factory=list)
    _free: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    _names: Iterator[FullName] = field(init=False)

    def __post_init__(self) -> None:
        self._names = iter(names.people(dice(self.seed, "staff"), _ENOUGH))

    def teacher(self, subject: str, key: ClassKey, hours: Decimal, part: int = 0) -> str:
        """Return who teaches a subject to a class, hiring where everybody is busy.

        Parts of a class have their lessons at the same time, so each has its own teacher.
        """
        post = f"{_post(subject, key)}/{part}"
        who, left = self._free.get(post, ("", Decimal(0)))
        if left < hours:
            who, left = self.hire(primary=_post(subject, key) == key.id), _LOAD
        self._free[post] = (who, left - hours)
        return who

    def hire(self, *, primary: bool = False) -> str:
        """Return a new member of staff."""
        name = next(self._names)
        number = f"t{len(self.members) + 1:03d}"
        title = "учитель начальных классов" if primary else "учитель"
        self.members.append(
            Staff(id=number, last=name.last, first=name.first, middle=name.middle, post=title)
        )
        return number


def _post(subject: str, key: ClassKey) -> str:
    if key.grade <= _PRIMARY and subject not in _OWN_TEACHERS:
        return key.id
    return _SAME_TEACHER.get(subject, subject)
