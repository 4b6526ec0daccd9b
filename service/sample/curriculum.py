"""What is taught in which grade, for how many hours a week, to whom together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import MappingProxyType


class Split(Enum):
    """How a class is divided for a subject."""

    WHOLE = "whole"
    HALVES = "halves"
    BY_SEX = "by-sex"


@dataclass(frozen=True, slots=True)
class Course:
    """A subject as one grade has it."""

    subject: str
    hours: Decimal  # a week
    split: Split = Split.WHOLE
    paired: bool = False  # both lessons of the week on one day (E10)
    graded: bool = True  # False: passed or not


TITLES: Mapping[str, str] = MappingProxyType(
    {
        "rus": "Русский язык",
        "lit": "Литература",
        "nat": "Родной (русский) язык",
        "natlit": "Родная литература (русская)",
        "read": "Литературное чтение",
        "eng": "Иностранный язык (английский)",
        "math": "Математика",
        "alg": "Алгебра",
        "algan": "Алгебра и начала математического анализа",
        "geom": "Геометрия",
        "prob": "Вероятность и статистика",
        "inf": "Информатика",
        "world": "Окружающий мир",
        "hist": "История",
        "soc": "Обществознание",
        "geo": "География",
        "phys": "Физика",
        "chem": "Химия",
        "bio": "Биология",
        "orkse": "Основы религиозных культур и светской этики",
        "odnk": "Основы духовно-нравственной культуры народов России",
        "art": "Изобразительное искусство",
        "mus": "Музыка",
        "tech": "Труд (технология)",
        "pe": "Физическая культура",
        "obzr": "Основы безопасности и защиты Родины",
        "proj": "Индивидуальный проект",
    }
)

TOPICS_OF: Mapping[str, str] = MappingProxyType({"read": "lit", "algan": "alg"})

# Points of 20 above mathematics, whose grades the data set holds: its authors' Portuguese grades
# are one to two points better, practical subjects better still.
EASE: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("rus", "nat", "eng", "inf", "hist", "soc", "geo", "bio"), 1.5),
        **dict.fromkeys(("read", "lit", "world", "obzr"), 2.5),
        **dict.fromkeys(("pe", "tech", "proj"), 6),
        **dict.fromkeys(("mus", "art"), 7),
    }
)

# Hours a week in grades 1 to 11.
_HOURS = """
rus     5   5   5   5   5   6   4   3   3   2   2
read    4   4   4   4   -   -   -   -   -   -   -
lit     -   -   -   -   3   3   2   2   3   3   3
nat   0.5   -   -   -   -   -   -   -   -   -   -
eng     -   2   2   2   3   3   3   3   3   3   3
math    4   4   4   4   5   5   -   -   -   -   -
alg     -   -   -   -   -   -   3   3   3   -   -
algan   -   -   -   -   -   -   -   -   -   4   4
geom    -   -   -   -   -   -   2   2   2   3   3
prob    -   -   -   -   -   -   1   1   1   1   1
inf     -   -   -   -   -   -   1   1   1   1   1
world   2   2   2   2   -   -   -   -   -   -   -
hist    -   -   -   -   3   3   3   2   2   2   2
soc     -   -   -   -   -   -   -   1   1   2   2
geo     -   -   -   -   1   1   2   2   2   1   1
phys    -   -   -   -   -   -   2   2   3   2   2
chem    -   -   -   -   -   -   -   2   2   1   1
bio     -   -   -   -   1   1   1   2   2   1   1
orkse   -   -   -   1   -   -   -   -   -   -   -
odnk    -   -   -   -   1   1   -   -   -   -   -
art     1   1   1   1   1   1   1   -   -   -   -
mus     1   1   1   1   1   1   1   1   -   -   -
tech    1   1   1   1   2   2   2   1   1   -   -
pe      3   3   3   2   2   2   2   2   2   2   2
obzr    -   -   -   -   -   -   -   1   1   1   1
proj    -   -   -   -   -   -   -   -   -   1   -
"""
_IN_HALVES = frozenset({"eng", "inf"})
_BY_SEX_FROM = 5
_PAIRED = frozenset({("tech", 5), ("tech", 6), ("tech", 7), ("phys", 8)})
_PASSED_OR_NOT = frozenset({"orkse", "odnk"})


def courses(grade: int) -> tuple[Course, ...]:
    """Return the courses of a grade in the order of the curriculum."""
    hours = {subject: row[grade - 1] for subject, *row in map(str.split, _HOURS.split("\n")[1:-1])}
    return tuple(
        Course(
            subject=subject,
            hours=Decimal(hours[subject]),
            split=_split(subject, grade),
            paired=(subject, grade) in _PAIRED,
            graded=subject not in _PASSED_OR_NOT,
        )
        for subject in TITLES
        if hours.get(subject, "-") != "-"
    )


def _split(subject: str, grade: int) -> Split:
    if subject in _IN_HALVES:
        return Split.HALVES
    return Split.BY_SEX if subject == "tech" and grade >= _BY_SEX_FROM else Split.WHOLE
