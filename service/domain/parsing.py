"""Bytes from outside to a snapshot inside: parsed once, at the door, every fault with its place."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType

from pydantic import ValidationError

from service.domain import complaints, keys, references
from service.domain.errors import Fault, Rejected
from service.domain.snapshot import Snapshot

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


def parse(body: bytes) -> Snapshot:
    """Return the snapshot a JSON document holds, whole and consistent in itself.

    Raises SnapshotMalformed for what is not JSON, SnapshotInvalid for what is not a snapshot:
    against the schema, with a key unknown or twice in one object, or with ids and dates that
    contradict.
    """
    document = body.removeprefix(_BOM)
    try:
        with _collector_paused():
            # Unknown keys are looked for apart: a flood of them must not become a flood of errors.
            snapshot = Snapshot.model_validate_json(
                document, by_name=False, by_alias=True, extra="ignore"
            )
    except ValidationError as error:
        raise _refusal(error, document) from None
    if not keys.all_used(document, snapshot):
        _refuse(keys.strange(document))
    _refuse(references.faults(snapshot))
    return snapshot


def _refuse(faults: Iterator[Fault]) -> None:
    """Raise SnapshotInvalid if there is a fault; no more than the shown ones are kept."""
    if shown := tuple(islice(faults, FAULTS_SHOWN)):
        raise SnapshotInvalid(shown, len(shown) + sum(1 for _ in faults))


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
    with _collector_paused():
        strange = keys.strange(body)
        shown = (*found, *islice(strange, max(0, FAULTS_SHOWN - len(found))))
        total = len(shown) + sum(1 for _ in strange)
    return SnapshotInvalid(shown[:FAULTS_SHOWN], total)


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
