"""Bytes from outside to a snapshot inside: parsed once, at the door, every fault with its place."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from service.domain.errors import Fault, Rejected
from service.domain.intake import complaints, keys, references
from service.domain.intake.behind import behind
from service.domain.intake.json_file import BOM
from service.domain.snapshot import Snapshot

FAULTS_SHOWN = 100
COUNTED = 10_000  # faults: whoever has as many need not know how many more

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

GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1

# Unknown keys are looked for apart: a flood of them must not become a flood of errors.
AS_SENT: Mapping[str, Any] = MappingProxyType(
    {"by_name": False, "by_alias": True, "extra": "ignore"}
)


class SnapshotMalformed(Rejected):
    """The body is not JSON in UTF-8; the message names line and column, both from 1."""

    code = "snapshot-malformed"
    title = "Снимок не является документом JSON"


class SnapshotInvalid(Rejected):
    """The body is JSON but not a snapshot: up to 100 faults, and how many were found.

    Of a long list (lessons, cells, marks…) its first faulty item comes before all that is behind
    first ones, so that a systematic fault of an export leaves room for others. At COUNTED counting
    ends: there are as many faults, or more; and a class too large to be read again may have more.
    """

    code = "snapshot-invalid"
    title = "Снимок журнала не принят"

    def __init__(self, faults: tuple[Fault, ...], total: int):
        found = f"{total}" if total < COUNTED else f"не меньше {COUNTED}"
        shown = "" if total == len(faults) else f", показаны первые {len(faults)}"
        super().__init__(
            f"В снимке найдено ошибок: {found}{shown}. Исправьте их и пришлите снимок снова.",
            faults,
            min(total, COUNTED),
        )

    def __reduce__(self) -> tuple[type[SnapshotInvalid], tuple[tuple[Fault, ...], int]]:
        return SnapshotInvalid, (self.faults, self.total)


def parse(body: bytes) -> Snapshot:
    """Return the snapshot a JSON document holds, whole and consistent in itself.

    Raises SnapshotMalformed for what is not JSON, SnapshotInvalid for what is not a snapshot:
    against the schema, with a key unknown or twice in one object, or with ids and dates that
    contradict.
    """
    document = body.removeprefix(BOM)
    try:
        with collector_paused():
            snapshot = Snapshot.model_validate_json(document, **AS_SENT)
    except ValidationError as error:
        if reason := not_json(error):
            raise malformed(reason, document, document, lambda at: at) from None
        found = records(error)
        further = behind(Snapshot, document, found, **AS_SENT)
        raise refusal(found, islice(further, COUNTED), document, {}) from None
    clean = keys.all_used(document, snapshot)
    require_none(
        ((), 0) if clean else keys.strange(document, FAULTS_SHOWN, COUNTED, {}),
        references.faults(snapshot),
    )
    return snapshot


def records(error: ValidationError) -> list[Any]:
    """Return what pydantic found."""
    return list(error.errors(include_url=False, include_input=False))


def refusal(
    found: Sequence[Mapping[str, Any]],
    further: Iterable[Mapping[str, Any]],
    document: bytes,
    clean: Mapping[int, int],
) -> SnapshotInvalid:
    """Return what is wrong with a document that is not as the schema says, its keys too.

    `further` is what is wrong behind what pydantic `found`; `clean` are places of the document
    with nothing wrong, by start; see `keys.strange`.
    """
    told = complaints.faults(found[:COUNTED])
    if len(found) >= COUNTED:
        return SnapshotInvalid(tuple(told[:FAULTS_SHOWN]), COUNTED)
    strange, total = keys.strange(document, FAULTS_SHOWN, COUNTED, clean)
    rest = complaints.faults([*further])
    return SnapshotInvalid((*told, *strange, *rest)[:FAULTS_SHOWN], len(told) + total + len(rest))


def require_none(strange: tuple[tuple[Fault, ...], int], contradictions: Iterable[Fault]) -> None:
    """Pass if a document that is as the schema says has no strange keys and no contradictions."""
    shown, total = strange
    found = tuple(islice(contradictions, COUNTED))
    if found or total:
        raise SnapshotInvalid((*shown, *found)[:FAULTS_SHOWN], total + len(found))


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cyclic collector from walking a growing tree of models that has no cycles."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def not_json(error: ValidationError) -> str:
    """Return why a text is no JSON at all; empty if it is."""
    if error.error_count() > 1:
        return ""
    (only,) = records(error)
    return str(only["ctx"]["error"]) if only["type"] == "json_invalid" else ""


def place_of(reason: str, text: bytes) -> int | None:
    """Return the byte of a text at which it ceases to be JSON, as far as the reason names it."""
    found = re.search(r" at line (\d+) column (\d+)$", reason)
    if found is None:
        return None
    start = 0
    for _ in range(int(found[1]) - 1):
        start = text.index(b"\n", start) + 1
    return start + max(int(found[2]) - 1, 0)


def malformed(
    reason: str, text: bytes, document: bytes, moved: Callable[[int], int]
) -> SnapshotMalformed:
    """Return why a document is refused whose part `text` is no JSON; see `complaint`."""
    return SnapshotMalformed(complaint(reason, text, document, moved))


def complaint(reason: str, text: bytes, document: bytes, moved: Callable[[int], int]) -> str:
    """Return in Russian why a part `text` of a document is no JSON, and where.

    `moved` says where in the document a byte of the part stands.
    """
    if document.startswith(GZIP):
        return "Документ сжат (gzip): распакуйте его или укажите Content-Encoding: gzip."
    if (strange := _not_utf8(document)) is not None:
        line, column = _place(document, strange)
        place = f"Строка {line}, столбец {column}"
        return f"{place}: документ не в кодировке UTF-8. Сохраните его в UTF-8 и пришлите снова."
    if not document.strip():
        return "Документ пуст: пришлите снимок в теле запроса."
    said = next((words for start, words in SYNTAX.items() if reason.startswith(start)), "ошибка")
    at = place_of(reason, text)
    if at is None:
        return f"Документ не является JSON: {said}."
    line, column = _place(document, moved(at))
    return f"Строка {line}, столбец {column}: {said}."


def _not_utf8(document: bytes) -> int | None:
    """Return the byte at which a document ceases to be UTF-8; UTF-16 and 32 begin with NULs."""
    if 0 in document[:4]:
        return 0
    try:
        document.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def _place(body: bytes, at: int) -> tuple[int, int]:
    """Return line and column, counted in characters from 1, of a byte."""
    start = body.rfind(b"\n", 0, at) + 1
    return body.count(b"\n", 0, at) + 1, len(body[start:at].decode(errors="replace")) + 1
