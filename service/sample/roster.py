"""Who is in a class, from when to when, and what is special about some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import Literal

from service.sample import levels, names, year
from service.sample.dice import dice
from service.sample.levels import Level
from service.sample.names import FullName

LETTERS = "АБВГ"
LATIN = "abvg"
FULL_CLASS = 41
SPLIT_FROM = 16  # smaller classes are not divided


@dataclass(frozen=True, slots=True)
class ClassKey:
    """A class of the sample; `c8a` is 8А."""

    grade: int
    letter: str

    @property
    def id(self) -> str:
        """The class's id."""
        return f"c{self.grade}{LATIN[LETTERS.index(self.letter)]}"

    @property
    def title(self) -> str:
        """«8А»."""
        return f"{self.grade}{self.letter}"


class Trait(Enum):
    """What makes a pupil an edge case of the year."""

    EXEMPT_FROM_PE = "E02"
    ILL_ALL_TERM = "E03"
    HOME_SCHOOLED = "E13"
    NOT_ATTESTED = "late arrival"


@dataclass(frozen=True, slots=True)
class Event:
    """An arrival or a departure, with its order."""

    type: Literal["ARRIVE", "LEAVE"]
    scope: Literal["SCHOOL", "CLASS"]
    day: date
    counterpart: str


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil of one class; `spells` are first and last days on its roll."""

    id: str
    name: FullName
    born: date
    level: Level
    spells: tuple[tuple[date, date | None], ...] = ((year.START, None),)
    events: tuple[Event, ...] = ()
    traits: frozenset[Trait] = frozenset()

    def on_roll(self, day: date) -> bool:
        """Tell whether the pupil is in the class on a day."""
        return any(start <= day and (end is None or day <= end) for start, end in self.spells)

    @property
    def brings_marks(self) -> bool:
        """Whether marks from before the arrival are known."""
        first, _ = self.spells[0]
        return first >= _AFTER_FIRST_QUARTER

    @property
    def brought_from_school(self) -> bool:
        """Whether those marks come from another school's certificate."""
        return any(event.type == "ARRIVE" and event.scope == "SCHOOL" for event in self.events)


ARRIVED = date(2026, 10, 10)  # E04
LEFT = date(2026, 12, 12)  # E05
TRANSFERRED = date(2027, 1, 11)  # E06, to 8А from 8Б
GONE, BACK = date(2026, 11, 20), date(2027, 2, 1)  # E20
_AFTER_FIRST_QUARTER = year.QUARTERS[0][1]
_DAY = timedelta(days=1)
_SCHOOLS = ("МАОУ «СОШ № 5»", "МБОУ «Лицей № 12»", "МКОУ «Лесная СОШ»", "ГБОУ «Школа № 1210»")
_GRADUATING = (9, 11)
_WITH_NAMESAKES_OF_ONE_FATHER = 9
_LARGE = ClassKey(6, "А")
_HOME = ClassKey(8, "А")
_PARALLEL = ClassKey(8, "Б")


def roster(key: ClassKey, seed: int) -> tuple[Pupil, ...]:
    """Return the pupils of a class, everybody who was in it during the year."""
    random = dice(seed, "roster", key.id)
    count = FULL_CLASS if key == _LARGE else 27 if key == _HOME else random.randint(22, 30)
    found = names.people(random, count)
    if key == _HOME:
        found = (*names.UNUSUAL, *names.NAMESAKES, *found[len(names.UNUSUAL) + 2 :])
    if key.grade == _WITH_NAMESAKES_OF_ONE_FATHER:
        found = (names.SAME_PATRONYMIC, names.SAME_PATRONYMIC, *found[2:])
    drawn = levels.chosen(random, count, key.grade in _GRADUATING)
    pupils = [
        Pupil(f"p{key.id[1:]}{number:02d}", name, _born(random, key.grade), level)
        for number, (name, level) in enumerate(zip(found, drawn, strict=True), start=1)
    ]
    if key.grade == _WITH_NAMESAKES_OF_ONE_FATHER:
        older = pupils[0].born.replace(year=pupils[1].born.year - 1, day=14)
        pupils[0] = replace(pupils[0], born=older)
    if key == _HOME:
        pupils = [*_special(pupils), _transferred(seed, arriving=True)]
    elif key == _PARALLEL:
        pupils.append(_transferred(seed, arriving=False))
    else:
        pupils = _moved(pupils, key, random)
    return tuple(pupils)


def _special(pupils: list[Pupil]) -> list[Pupil]:
    """Return the pupils of 8А with the cases that live there."""
    ordinary = len(names.UNUSUAL) + len(names.NAMESAKES)
    odd, usual, rest = pupils[:ordinary], pupils[ordinary : ordinary + 6], pupils[ordinary + 6 :]
    exempt, ill, home, came, left, back = usual
    return [
        *odd,
        replace(exempt, traits=frozenset({Trait.EXEMPT_FROM_PE})),
        replace(ill, traits=frozenset({Trait.ILL_ALL_TERM})),
        replace(home, traits=frozenset({Trait.HOME_SCHOOLED})),
        replace(
            came,
            spells=((ARRIVED, None),),
            events=(Event("ARRIVE", "SCHOOL", ARRIVED, _SCHOOLS[0]),),
        ),
        replace(
            left,
            spells=((year.START, LEFT),),
            events=(Event("LEAVE", "SCHOOL", LEFT, _SCHOOLS[1]),),
        ),
        replace(
            back,
            spells=((year.START, GONE), (BACK, None)),
            events=(
                Event("LEAVE", "SCHOOL", GONE, _SCHOOLS[2]),
                Event("ARRIVE", "SCHOOL", BACK, _SCHOOLS[2]),
            ),
        ),
        *rest,
    ]


def _transferred(seed: int, *, arriving: bool) -> Pupil:
    """Return the pupil who went from 8Б to 8А, as one of the two classes sees him (E06)."""
    random = dice(seed, "transfer")
    last = TRANSFERRED - _DAY
    return Pupil(
        id="p8x01",
        name=names.person(random, "M"),
        born=_born(random, _HOME.grade),
        level=random.choice(levels.levels()),
        spells=((TRANSFERRED, None),) if arriving else ((year.START, last),),
        events=(
            Event("ARRIVE", "CLASS", TRANSFERRED, f"{_PARALLEL.title} класс")
            if arriving
            else Event("LEAVE", "CLASS", last, f"{_HOME.title} класс"),
        ),
    )


def _moved(pupils: list[Pupil], key: ClassKey, random: Random) -> list[Pupil]:
    """Let a few pupils of an ordinary class leave or arrive."""
    days = [day for day, _, _ in year.school_days(1)]
    for place in random.sample(range(2, len(pupils)), random.randint(0, 3)):
        day = random.choice(days[5:-10])
        school = random.choice(_SCHOOLS)
        if random.random() < 0.5:  # noqa: PLR2004
            spells = ((year.START, day),)
            event = Event("LEAVE", "SCHOOL", day, school)
            pupils[place] = replace(pupils[place], spells=spells, events=(event,))
        else:
            late = day > date(2027, 4, 25) and key.grade not in _GRADUATING
            pupils[place] = replace(
                pupils[place],
                spells=((day, None),),
                events=(Event("ARRIVE", "SCHOOL", day, school),),
                traits=frozenset({Trait.NOT_ATTESTED} if late else ()),
            )
    return pupils


def _born(random: Random, grade: int) -> date:
    """Return a birthday: class 1 is seven years old in its year."""
    return date(2019 - grade + 1, 1, 1) + timedelta(days=random.randint(0, 364))
