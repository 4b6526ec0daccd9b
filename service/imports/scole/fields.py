"""From a NeDB document to a typed record: a field missing or of the wrong kind is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.imports.scole.records import (
    Certificate,
    Elective,
    ExtraSubject,
    Grade,
    Journal,
    Load,
    Page,
    Pupil,
    Teacher,
    Topic,
)

JOURNAL = re.compile(r"([1-9]|1[01])(\D{1,9})")

_NAME, _LINE, _TEXT, _CELL = 120, 500, 4000, 40
_WEIGHT, _HOURS = 200, 10


def pupil(document: Mapping[str, Any]) -> Pupil:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    return Pupil(
        login=_words(document, "Ulogin", least=1),
        last=_words(document, "Ufamil", _NAME, least=1),
        first=_words(document, "Uname", _NAME),
        journal=_words(document, "Uclass", least=1),
        groups=_names(document, "groups"),
        electives=_names(document, "facult"),
        blocked=bool(document.get("block", False)),
    )


def teacher(document: Mapping[str, Any]) -> Teacher:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    return Teacher(
        login=_words(document, "Ulogin", least=1),
        last=_words(document, "Ufamil", _NAME, least=1),
        first=_words(document, "Uname", _NAME),
        middle=_words(document, "Uotch", _NAME),
    )


def journal(document: Mapping[str, Any]) -> Journal:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    name = _words(document, "className", least=1)
    if not JOURNAL.fullmatch(name):
        raise ValueError(name)
    return Journal(name=name, tutor=_words(document, "tutor"))


def elective(document: Mapping[str, Any]) -> Elective:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    return Elective(
        name=_words(document, "ingrName", least=1),
        title=_words(document, "ingrTitle", _NAME, least=1),
        teacher=_words(document, "ingrTeach"),
    )


def subject(document: Mapping[str, Any]) -> ExtraSubject:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    code = _words(document, "sbKod", least=1)
    if not re.fullmatch(r"[a-z]\d{3}", code):
        raise ValueError(code)
    return ExtraSubject(code=code, title=_words(document, "sbName", _NAME, least=1))


def load(document: Mapping[str, Any]) -> Load:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    pages = tuple(
        (subject, group) for subject, groups in document["tLoad"].items() for group in groups
    )
    return Load(teacher=_words(document, "tLogin", least=1), pages=pages)


def topic(document: Mapping[str, Any]) -> Topic:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    weight, hours = document.get("w"), document.get("v", 1)
    if not isinstance(hours, int) or not 1 <= hours <= _HOURS:
        raise ValueError(hours)
    return Topic(
        page=_page(document, "g", "l"),
        date=_words(document, "d", least=1),
        topic=_words(document, "t", _TEXT),
        homework=_words(document, "h", _TEXT),
        weight=weight if isinstance(weight, int) and 0 <= weight <= _WEIGHT else None,
        hours=hours,
    )


def grade(document: Mapping[str, Any]) -> Grade:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    return Grade(
        page=_page(document, "c", "t"),
        date=_words(document, "d", least=1),
        pupil=_words(document, "p", least=1),
        text=_words(document, "g", _CELL),
    )


def certificate(document: Mapping[str, Any]) -> Certificate:
    """Return the record of a line; raises KeyError, TypeError or ValueError."""
    return Certificate(
        journal=_words(document, "Uclass"),
        pupil=_words(document, "pupil", least=1),
        kind=_words(document, "vid", least=1),
        start=_words(document, "start", least=1),
        end=_words(document, "fin", least=1),
    )


def _page(document: Mapping[str, Any], group: str, teacher: str) -> Page:
    return (
        _words(document, group, least=1),
        _words(document, "s", least=1),
        _words(document, teacher, least=1),
    )


def _words(document: Mapping[str, Any], key: str, most: int = _LINE, least: int = 0) -> str:
    value = document.get(key, "") if least == 0 else document[key]
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise ValueError(key)
    return value


def _names(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(key)
    return tuple(value)
