"""What a lesson was about and what was set for home, in the manner of each subject."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from service.domain.codes import LessonKind
from service.sample.curriculum import TOPICS_OF

_DATA = Path(__file__).with_name("data") / "topics.json"
_STAGES = (10, 5, 1)
_WORKS: Mapping[str, LessonKind] = MappingProxyType(
    {
        **dict.fromkeys(("rus", "math", "alg", "algan", "geom", "eng", "hist"), LessonKind.CONTROL),
        **dict.fromkeys(("phys", "chem", "bio"), LessonKind.LAB),
        **dict.fromkeys(("inf", "geo"), LessonKind.PRACTICE),
    }
)
_WORK_AFTER = 3  # topics
_NO_HOMEWORK = 0.07


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan: a topic and the kind of work."""

    topic: str
    kind: LessonKind = LessonKind.LESSON


@cache
def _subjects() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return MappingProxyType(found)


def plan(subject: str, grade: int, lessons: int) -> tuple[Line, ...]:
    """Return the topics of a year: each takes a few lessons, every third ends with a work."""
    known = _subjects()[TOPICS_OF.get(subject, subject)]
    stage = next(str(first) for first in _STAGES if grade >= first and str(first) in known)
    topics: Sequence[str] = known[stage]
    shift = grade * 5 % len(topics)
    topics = (*topics[shift:], *topics[:shift])
    count = min(len(topics), max(1, (lessons + 1) // 2))
    lines: list[Line] = []
    for place in range(count):
        share = lessons * (place + 1) // count - lessons * place // count
        lines += _topic(subject, topics[place], share, known["phases"], place, grade)
    return tuple(lines)


def homework(subject: str, grade: int, place: int, random: Random) -> str:
    """Return what was set for home; class 1 has none, and so has a lesson now and then."""
    if grade == 1 or random.random() < _NO_HOMEWORK:
        return ""
    pattern: str = random.choice(_subjects()[TOPICS_OF.get(subject, subject)]["homework"])
    page = 4 + place * 2
    return pattern.format(
        a=place * 4 + random.randint(1, 4),
        b=place * 4 + random.randint(5, 9),
        p=page,
        q=page + random.randint(1, 5),
        s=1 + place // 2,
        c=1 + place % 20,
        d=2 + place % 20 + random.randint(0, 3),
        e=random.randint(2, 5),
        f=random.randint(6, 9),
    )


def _topic(
    subject: str, topic: str, share: int, phases: Sequence[str], place: int, grade: int
) -> list[Line]:
    lines = [Line(topic)]
    lines += [Line(f"{topic}. {phases[number % len(phases)]}") for number in range(share - 1)]
    work = _WORKS.get(subject)
    due = place % _WORK_AFTER == _WORK_AFTER - 1 or work is LessonKind.LAB
    if work is not None and due and share > 1 and grade > 1:
        lines[-1] = Line(topic, work)
    return lines[:share]
