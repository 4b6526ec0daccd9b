"""The seven NeDB files of «Шкала» as typed records, each with the line it stands on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from service.imports import ImportRefused
from service.imports.scole.ledger import Ledger, Line

Page = tuple[str, str, str]  # class, subgroup or elective; subject; teacher

FILES = ("pupils", "staff", "curric", "distrib", "topics", "grades", "spravki")


@dataclass(frozen=True, slots=True)
class Pupil:
    login: str
    last: str
    first: str
    journal: str
    groups: tuple[str, ...]
    electives: tuple[str, ...]
    blocked: bool


@dataclass(frozen=True, slots=True)
class Teacher:
    login: str
    last: str
    first: str
    middle: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A class of the curriculum."""

    name: str
    tutor: str


@dataclass(frozen=True, slots=True)
class Elective:
    """A group for pupils of any class (`intergroup`), taught as subject `s000`."""

    name: str
    title: str
    teacher: str


@dataclass(frozen=True, slots=True)
class ExtraSubject:
    """A subject the school added to the usual ones."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Load:
    """What a teacher teaches: by subject, the classes and subgroups."""

    teacher: str
    pages: tuple[tuple[str, str], ...]  # (subject, class or subgroup)


@dataclass(frozen=True, slots=True)
class Topic:
    """A lesson of a page."""

    page: Page
    date: str
    topic: str
    homework: str
    weight: int | None  # halves: the journal shows w/2
    hours: int


@dataclass(frozen=True, slots=True)
class Grade:
    """A cell: of a lesson (`d620`) or of a term column (`d628d`)."""

    page: Page
    date: str
    pupil: str
    text: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why a pupil was away from a day to a day."""

    journal: str
    pupil: str
    kind: str
    start: str
    end: str


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """A record with its line; `id` is NeDB's."""

    line: Line
    id: str
    value: R


def documents(folder: Path, name: str, ledger: Ledger) -> list[Read[dict[str, Any]]]:
    """Return a file's documents as NeDB would load them: a later line replaces an earlier one.

    Lines that hold no document, or one that was replaced or deleted, are left out with a reason.
    """
    path = _path(folder, name)
    try:
        body = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ImportRefused(
            f"Файл {path.name} не в кодировке UTF-8: скопируйте его снова."
        ) from None
    kept: dict[str, Read[dict[str, Any]]] = {}
    for number, text in enumerate(body.split("\n"), start=1):
        if not text.strip():
            continue
        line = Line(path.name, number)
        ledger.seen(line)
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if not isinstance(document, dict) or not isinstance(document.get("_id"), str):
            ledger.leave_out(line, "", "malformed-line", "Строка не является записью NeDB.")
            continue
        key = document["_id"]
        if (earlier := kept.pop(key, None)) is not None:
            message = "Запись заменена или удалена более поздней строкой файла."
            ledger.leave_out(earlier.line, key, "replaced", message)
        if document.get("$$deleted"):
            ledger.leave_out(line, key, "deleted", "Отметка об удалении записи.")
        else:
            kept[key] = Read(line, key, document)
    return list(kept.values())


def typed(
    found: list[Read[dict[str, Any]]],
    make: Callable[[Mapping[str, Any]], R],
    ledger: Ledger,
) -> Iterator[Read[R]]:
    """Yield the records that have the fields they need; leave the others out."""
    for one in found:
        try:
            value = make(one.value)
        except (KeyError, TypeError, ValueError):
            message = "В записи нет нужных полей или они не того вида."
            ledger.leave_out(one.line, one.id, "malformed-record", message)
            continue
        yield Read(one.line, one.id, value)


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 over all seven files, in the order of their names here."""
    digest = sha256()
    for name in FILES:
        digest.update(_path(folder, name).read_bytes())
    return digest.hexdigest()


def _path(folder: Path, name: str) -> Path:
    for suffix in (".db", ".jsonl"):
        if (path := folder / f"{name}{suffix}").is_file():
            return path
    raise ImportRefused(
        f"В папке нет файла {name}.db: скопируйте папку db журнала «Шкала» целиком "
        f"({', '.join(FILES)})."
    )
