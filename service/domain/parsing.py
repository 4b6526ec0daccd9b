"""Bytes from outside to a snapshot inside: parsed once, at the door, every fault with its place."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, ValidationError

from service.domain import complaints, keys, pieces, references, walk
from service.domain.errors import Fault, Rejected
from service.domain.snapshot import SchoolClass, Snapshot

FAULTS_SHOWN = 100

SYNTAX: Mapping[str, str] = MappingProxyType(
    {
        "EOF while parsing": "файл обрывается; проверьте, что он передан целиком",
        "expected `:`": "после имени поля нужно двоеточие",
        "expected `,` or `]`": "в списке нужна запятая или закрывающая скобка ]",
        "expected `,` or `}`": "в объекте нужна запятая или закрывающая скобка }",
        "expected ident": "нужно true, false или null",
        "expected value": "нужно значение: строка, число, список, объект, true, false или null",
        "invalid escape": "после обратной косой черты стоит недопустимый знак",
        "invalid number": "число записано неверно",
        "number out of range": "число слишком длинное",
        "invalid unicode code point": "недопустимый код символа",
        "control character": "в строке стоит управляющий символ; запишите его как \\uXXXX",
        "key must be a string": "имя поля должно стоять в кавычках",
        "lone leading surrogate": "половина пары \\uD800–\\uDFFF без второй половины",
        "unexpected end of hex escape": "код \\uXXXX неполон или без второй половины пары",
        "trailing comma": "лишняя запятая перед закрывающей скобкой",
        "trailing characters": "после конца документа есть лишние знаки",
        "recursion limit exceeded": "слишком глубокая вложенность",
    }
)

_BOM = b"\xef\xbb\xbf"

# Unknown keys are looked for apart: a flood of them must not become a flood of errors.
_AS_SENT: Mapping[str, Any] = MappingProxyType(
    {"by_name": False, "by_alias": True, "extra": "ignore"}
)

Seen = TypeVar("Seen")


class _Outline(Snapshot):
    """A snapshot whose classes stand apart."""

    classes: Annotated[tuple[SchoolClass, ...], Field(max_length=0)]


class _Checked(Snapshot):
    """A snapshot whose classes are forgotten once they are known to be good."""

    classes: Annotated[
        tuple[Annotated[SchoolClass, AfterValidator(lambda _: None)], ...],
        Field(min_length=1, max_length=pieces.MOST),
    ]


class SnapshotMalformed(Rejected):
    """The body is not JSON in UTF-8; the message names line and column, both from 1."""

    code = "snapshot-malformed"
    title = "Снимок не является документом JSON"


class SnapshotInvalid(Rejected):
    """The body is JSON but not a snapshot: up to 100 faults, and how many were found.

    Against the schema a long list (lessons, cells, marks…) is read up to its first faulty item, so
    that a systematic fault of an export is told once a list and not once a cell.
    """

    code = "snapshot-invalid"
    title = "Снимок журнала не принят"

    def __init__(self, faults: tuple[Fault, ...], total: int):
        shown = "" if total == len(faults) else f", показаны первые {len(faults)}"
        super().__init__(
            f"В снимке найдено ошибок: {total}{shown}. Исправьте их и пришлите снимок снова.",
            faults,
            total,
        )

    def __reduce__(self) -> tuple[type[SnapshotInvalid], tuple[tuple[Fault, ...], int]]:
        return SnapshotInvalid, (self.faults, self.total)


def parse(body: bytes) -> Snapshot:
    """Return the snapshot a JSON document holds, whole and consistent in itself.

    Raises SnapshotMalformed for what is not JSON, SnapshotInvalid for what is not a snapshot:
    against the schema, with a key unknown or twice in one object, or with ids and dates that
    contradict.
    """
    document = body.removeprefix(_BOM)
    try:
        with _collector_paused():
            snapshot = Snapshot.model_validate_json(document, **_AS_SENT)
    except ValidationError as error:
        raise _refusal(error, document) from None
    if not keys.all_used(document, snapshot):
        _refuse(*keys.strange(document, FAULTS_SHOWN))
    contradictions = references.faults(snapshot)
    shown = tuple(islice(contradictions, FAULTS_SHOWN))
    _refuse(shown, len(shown) + sum(1 for _ in contradictions))
    return snapshot


def survey(body: bytes, see: Callable[[int, SchoolClass], Seen]) -> tuple[Snapshot, list[Seen]]:
    """Check a snapshot as `parse` does, class by class: memory is that of the largest one.

    Returns the snapshot with classes that have lost their lists, and what `see` made of each whole
    one; it is called before the snapshot is known to be good. Raises what `parse` raises.
    """
    document = body.removeprefix(_BOM)
    cut = pieces.split(document)
    if cut is None or keys.unclear(document):
        whole = parse(body)
        seen = [see(index, journal) for index, journal in enumerate(whole.classes)]
        return _with(whole, [_thin(journal) for journal in whole.classes]), seen
    try:
        with _collector_paused():
            return _surveyed(document, cut, see)
    except ValidationError:
        raise _told_whole(document) from None


def _surveyed(
    document: bytes, cut: pieces.Pieces, see: Callable[[int, SchoolClass], Seen]
) -> tuple[Snapshot, list[Seen]]:
    outline: Snapshot = _Outline.model_validate_json(cut.outline, **_AS_SENT)
    of_class = references.OfClass(outline)
    used = keys.keys_of(outline)
    classes: list[SchoolClass] = []
    seen: list[Seen] = []
    shown: list[Fault] = []
    total = 0

    def judge(index: int, piece: bytes) -> None:
        nonlocal used, total
        journal = SchoolClass.model_validate_json(piece, **_AS_SENT)
        used += keys.keys_of(journal)
        classes.append(_thin(journal))
        for fault in of_class(index, journal):
            total += 1
            if total <= FAULTS_SHOWN:
                shown.append(fault)
        seen.append(see(index, journal))

    for index, (start, end) in enumerate(cut.classes):
        judge(index, document[start:end])
    if used != keys.keys_in(document):
        _refuse(*keys.strange(document, FAULTS_SHOWN))
    around = list(references.of_outline(outline, [journal.id for journal in classes]))
    _refuse((*around, *shown)[:FAULTS_SHOWN], len(around) + total)
    return _with(outline, classes), seen


def _thin(journal: SchoolClass) -> SchoolClass:
    return journal.model_copy(update=dict.fromkeys(walk.nested(SchoolClass), ()))


def _with(outline: Snapshot, classes: list[SchoolClass]) -> Snapshot:
    return outline.model_copy(update={"classes": tuple(classes)})


def _told_whole(document: bytes) -> Rejected:
    """Return why a document that is wrong in some piece is refused as a whole."""
    try:
        with _collector_paused():
            _Checked.model_validate_json(document, **_AS_SENT)
    except ValidationError as error:
        return _refusal(error, document)
    raise AssertionError("wrong in pieces, good as a whole")


def _refuse(shown: tuple[Fault, ...], total: int) -> None:
    if shown:
        raise SnapshotInvalid(shown, total)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cyclic collector from walking a growing tree of models that has no cycles."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _refusal(error: ValidationError, body: bytes) -> Rejected:
    records = error.errors(include_url=False, include_input=False)
    if records[0]["type"] == "json_invalid":
        return _malformed(records[0]["ctx"]["error"], body)
    found = complaints.faults(records)
    strange, total = keys.strange(body, FAULTS_SHOWN)
    return SnapshotInvalid((*found, *strange)[:FAULTS_SHOWN], len(found) + total)


def _malformed(reason: str, body: bytes) -> SnapshotMalformed:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        line, column = _place(body, error.start)
        return SnapshotMalformed(
            f"Строка {line}, столбец {column}: документ не в кодировке UTF-8. "
            "Сохраните снимок в UTF-8 и пришлите снова."
        )
    found = re.search(r" at line (\d+) column (\d+)$", reason)
    said = next((words for start, words in SYNTAX.items() if reason.startswith(start)), "ошибка")
    if found is None:
        return SnapshotMalformed(f"Документ не является JSON: {said}.")
    line, column = int(found[1]), int(found[2])
    before = body.split(b"\n", line)[line - 1][: max(column - 1, 0)]
    column = len(before.decode(errors="replace")) + 1
    return SnapshotMalformed(f"Строка {line}, столбец {column}: {said}.")


def _place(body: bytes, at: int) -> tuple[int, int]:
    """Return line and column, counted in characters from 1, of a byte."""
    start = body.rfind(b"\n", 0, at) + 1
    return body.count(b"\n", 0, at) + 1, len(body[start:at].decode(errors="replace")) + 1
