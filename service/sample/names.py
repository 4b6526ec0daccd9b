"""Synthetic people: common Russian names put together by chance, plus the unusual ones of E19."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

Sex = Literal["M", "F"]

_DATA = Path(__file__).with_name("data") / "names.json"


@dataclass(frozen=True, slots=True)
class FullName:
    """A person's names as the school writes them; given name and patronymic may be missing."""

    last: str
    first: str
    middle: str
    sex: Sex


UNUSUAL = (
    FullName("Нгуен", "Тхи Май", "", "F"),
    FullName("Петрова-Водкина", "Анна-Мария", "Кузьминична", "F"),
    FullName("О’Коннор", "Шон", "", "M"),
    FullName("Әхмәтова", "Гөлназ", "Илдар кызы", "F"),
    FullName("Оглы", "Рашид", "Мамед оглы", "M"),
)

NAMESAKES = (
    FullName("Кузнецов", "Артём", "Сергеевич", "M"),
    FullName("Кузнецов", "Артём", "Игоревич", "M"),
)
SAME_PATRONYMIC = FullName("Смирнова", "Анна", "Олеговна", "F")


@dataclass(frozen=True, slots=True)
class Stock:
    """The names people are put together from; patronymics of a son and of a daughter."""

    surnames: Sequence[str]
    boys: Sequence[str]
    girls: Sequence[str]
    patronymics: Sequence[tuple[str, str]]


@cache
def stock() -> Stock:
    """Return the names there are."""
    return Stock(**json.loads(_DATA.read_text(encoding="utf-8")))


def person(random: Random, sex: Sex) -> FullName:
    """Return somebody's names."""
    names = stock()
    surname = random.choice(names.surnames)
    male, female = random.choice(names.patronymics)
    if sex == "M":
        return FullName(surname, random.choice(names.boys), male, sex)
    return FullName(f"{surname}а", random.choice(names.girls), female, sex)


def people(random: Random, count: int) -> tuple[FullName, ...]:
    """Return different people, boys and girls about equally; no two share surname and name."""
    found: dict[tuple[str, str], FullName] = {}
    while len(found) < count:
        one = person(random, "M" if len(found) % 2 else "F")
        key = (one.last.removesuffix("а"), one.first)
        found.setdefault(key, one)
    return tuple(found.values())
