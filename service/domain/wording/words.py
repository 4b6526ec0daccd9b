"""Russian numerals and the nouns they govern, as certification texts write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from service.domain.wording.text import NBSP


class Gender(IntEnum):
    """Grammatical gender; the value picks the form of «один» and «два»."""

    MASCULINE = 0
    FEMININE = 1
    NEUTER = 2


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun with one, with two to four, with five and more; and its gender."""

    one: str
    few: str
    many: str
    gender: Gender = Gender.MASCULINE


SHEET = Noun("лист", "листа", "листов")
PAGE = Noun("страница", "страницы", "страниц", Gender.FEMININE)
DOCUMENT = Noun("документ", "документа", "документов")
YEAR = Noun("год", "года", "лет")
VOLUME = Noun("том", "тома", "томов")
SUBJECT = Noun("предмет", "предмета", "предметов")
DAY = Noun("день", "дня", "дней")

_THOUSAND = Noun("тысяча", "тысячи", "тысяч", Gender.FEMININE)
_MILLION = Noun("миллион", "миллиона", "миллионов")
_MILLIARD = Noun("миллиард", "миллиарда", "миллиардов")
_UNITS = tuple(
    ("", one, two, "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
    for one, two in (("один", "два"), ("одна", "две"), ("одно", "два"))
)
_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать",
    "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
)  # fmt: skip
_TENS = (
    "", "", "двадцать", "тридцать", "сорок",
    "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто",
)  # fmt: skip
_HUNDREDS = (
    "", "сто", "двести", "триста", "четыреста",
    "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
_FEW = range(2, 5)
_LIMIT = 10**12


def noun(n: int, of: Noun) -> str:
    """Return the form of the noun that stands after the number: «лист», «листа», «листов»."""
    tens, units = n // 10 % 10, n % 10
    if tens == 1:
        return of.many
    if units == 1:
        return of.one
    return of.few if units in _FEW else of.many


def _triad(n: int, gender: Gender) -> list[str]:
    hundreds, tens, units = n // 100, n // 10 % 10, n % 10
    small = _TEENS[units] if tens == 1 else _UNITS[gender][units]
    return [word for word in (_HUNDREDS[hundreds], _TENS[tens], small) if word]


def in_words(n: int, of: Noun) -> str:
    """Return the number alone in words, agreeing with the noun: 82 листа gives «восемьдесят два».

    Lower case, no «и»; 1000 is «одна тысяча». Below 0 and from 10¹² on there is a ValueError.
    """
    if not 0 <= n < _LIMIT:
        raise ValueError(f"no words for {n}")
    if n == 0:
        return "ноль"
    said: list[str] = []
    for scale, group in ((10**9, _MILLIARD), (10**6, _MILLION), (1000, _THOUSAND)):
        triad = n // scale % 1000
        if triad:
            said += [*_triad(triad, group.gender), noun(triad, group)]
    said += _triad(n % 1000, of.gender)
    return " ".join(said)


def counted(n: int, of: Noun) -> str:
    """Return «восемьдесят два листа»."""
    return f"{in_words(n, of)} {noun(n, of)}"


def figures(n: int) -> str:
    """Return the number in figures, thousands apart from 1 000 on (NBSP)."""
    return f"{n:,}".replace(",", NBSP)


def figures_and_words(n: int, of: Noun) -> str:
    """Return «82 (восемьдесят два) листа»."""
    return f"{figures(n)} ({in_words(n, of)}) {noun(n, of)}"


def on_sheets(n: int) -> str:
    """Return «На 58 листах», the line of a file's cover: prepositional, figures only."""
    case = "листе" if noun(n, SHEET) == SHEET.one else "листах"
    return f"На {figures(n)} {case}"


def by_sex(text: str, sex: Literal["M", "F"] | None) -> str:
    """Return «переведена» or «переведен» for «переведен(а)»; of unknown sex, as it was."""
    if sex is None:
        return text
    return re.sub(r"\((\w+)\)", r"\1" if sex == "F" else "", text)
