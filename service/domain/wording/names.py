"""Names of people and classes: how they are printed and in which order they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from unicodedata import combining

from service.domain.journal import SchoolClass, Student
from service.domain.wording import dates
from service.domain.wording.text import NBSP, plain


class Named(Protocol):
    """Somebody with a surname; given name and patronymic may be empty."""

    @property
    def last(self) -> str: ...
    @property
    def first(self) -> str: ...
    @property
    def middle(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """A full name taken apart."""

    last: str
    first: str = ""
    middle: str = ""


def parts(name: str) -> Parts:
    """Take «Фамилия Имя Отчество» apart; all after the given name is the patronymic."""
    return Parts(*plain(name).split(maxsplit=2)) if plain(name) else Parts("")


def full(person: Named) -> str:
    """Return «Фамилия Имя Отчество» from the parts there are."""
    return _joined(person.last, person.first, person.middle)


def surname_first(person: Named) -> str:
    """Return «Фамилия Имя»."""
    return _joined(person.last, person.first)


def surname_initials(person: Named) -> str:
    """Return «Фамилия И.О.»."""
    return _joined(person.last, initials(person), by=NBSP)


def initials_surname(person: Named) -> str:
    """Return «И.О. Фамилия»."""
    return _joined(initials(person), person.last, by=NBSP)


def initials_surname_of(name: str) -> str:
    """Return «И.О. Фамилия» of somebody known by the full name only."""
    return initials_surname(parts(name))


def initials(person: Named) -> str:
    """Return «И.О.», «И.» or nothing; a hyphenated name keeps both letters: «А.-М.»."""
    return _initial(plain(person.first)) + _initial(plain(person.middle))


def _initial(name: str) -> str:
    first_word = name.partition(" ")[0]
    return "-".join(f"{_letter(word)}." for word in first_word.split("-") if word)


def _letter(word: str) -> str:
    end = 1
    while end < len(word) and combining(word[end]):
        end += 1
    return word[:end].upper()


def _joined(*some: str, by: str = " ") -> str:
    return by.join(text for part in some if (text := plain(part)))


# Ё is Е first; the letters of Russia's other languages follow the letter they grew from.
_SECOND_LETTERS = {
    "а": "ӑӓәӕ", "г": "ґғҕӷ", "е": "ӗєӛ", "ж": "җӝӂ", "з": "ҙӟӡ", "и": "іїӣӥӏ", "к": "қҡӄԟҝ",
    "л": "ԓӆљ", "н": "ңҥӈԋњ", "о": "ӧөӫ", "п": "ԥҧ", "р": "ԗҏ", "с": "ҫ", "т": "ҭ",
    "у": "ўӯӱӳүұ", "х": "ҳһӽ", "ч": "ҷӌӵҹ", "ы": "ӹ", "э": "ӭ",
}  # fmt: skip
_FIRST_LEVEL = str.maketrans(
    {"ё": "е"}
    | {
        letter: f"{basis}\uffff{place}"
        for basis, letters in _SECOND_LETTERS.items()
        for place, letter in enumerate(letters)
    }
)


def collation(text: str) -> tuple[str, str]:
    """Return the sort key of a Russian word: Е = Ё, then Е before Ё."""
    lower = plain(text).casefold()
    return lower.translate(_FIRST_LEVEL), lower


def compared(name: str) -> str:
    """Return a name as it is compared with another one: spaces, case, Ё and Е are the same."""
    return " ".join(name.split()).casefold().replace("ё", "е")


NameKey = tuple[tuple[str, ...], tuple[str, ...], date, str]


def sort_key(student: Student) -> NameKey:
    """Return what pupils are ordered by: name (Е = Ё), exact name, day of birth, id."""
    first, second = zip(
        *(collation(part) for part in (student.last, student.first, student.middle)), strict=True
    )
    return first, second, student.born or date.max, student.id


def in_order(students: Iterable[Student]) -> tuple[Student, ...]:
    """Return pupils in the order of a class list."""
    return tuple(sorted(students, key=sort_key))


def on_list(students: Iterable[Student]) -> dict[str, str]:
    """Return «Фамилия Имя» by pupil id; namesakes get the patronymic, then the birth year."""
    return _told_apart(students, (surname_first, full, _with_year, _with_birthday))


def in_full(students: Iterable[Student]) -> dict[str, str]:
    """Return «Фамилия Имя Отчество» by pupil id; namesakes get the birth year."""
    return _told_apart(students, (full, _with_year, _with_birthday))


def _with_year(student: Student) -> str:
    return f"{full(student)} ({student.born.year}{NBSP}г.р.)" if student.born else full(student)


def _with_birthday(student: Student) -> str:
    return (
        f"{full(student)} ({dates.day(student.born)}{NBSP}г.р.)" if student.born else full(student)
    )


def _told_apart(
    students: Iterable[Student], forms: tuple[Callable[[Student], str], ...]
) -> dict[str, str]:
    pupils = tuple(students)
    shown: dict[str, str] = {}
    for form in forms:
        printed = {pupil.id: form(pupil) for pupil in pupils}
        alike = Counter(_alike(name) for name in printed.values())
        shown |= printed
        pupils = tuple(pupil for pupil in pupils if alike[_alike(printed[pupil.id])] > 1)
    return shown


def _alike(name: str) -> Hashable:
    return collation(name)[0]


def class_title(journal: SchoolClass) -> str:
    """Return «8А»."""
    return f"{journal.grade}{plain(journal.letter)}"


def class_key(journal: SchoolClass) -> tuple[int, tuple[str, str], str]:
    """Return what classes are ordered by: 1А … 9Б, 10А."""
    return journal.grade, collation(journal.letter), journal.id
