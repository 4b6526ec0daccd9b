"""What pydantic finds wrong, said in Russian to whoever must mend it, with a code that stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from service.domain.codes import Attendance, MarkValue
from service.domain.errors import Fault

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "нужна строка в кавычках",
        "int_type": "нужно целое число, без кавычек и дробной части",
        "bool_type": "нужно true или false",
        "decimal_type": "нужно число, например 4.33",
        "date_type": "нужна дата строкой вида 2027-05-26",
        "datetime_type": "нужно время строкой вида 2027-06-15T10:32:00+05:00",
        "tuple_type": "нужен список [ … ]",
        "model_type": "нужен объект { … }",
    }
)

PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        r"^[A-Za-z0-9_.:-]+$": "латинские буквы, цифры и знаки _ . : - без пробелов",
        r"^[0-9a-f]{64}$": "64 шестнадцатеричные цифры строчными буквами",
        r"^\.*[A-Za-z0-9_:-][A-Za-z0-9_.:-]*$": (
            "латинские буквы, цифры и знаки _ . : - без пробелов, и не одни точки"
        ),
        r"^([A-Za-z0-9_.:-]{1,64}|\*)$": "идентификатор школы или *",
        r"^([0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$": (
            "64, 96 или 128 шестнадцатеричных цифр"
        ),
        r"^[a-z0-9][a-z0-9._@-]{1,63}$": (
            "от 2 до 64 строчных латинских букв, цифр и знаков . _ @ -, первой буква или цифра"
        ),
        r"^[a-z0-9-]{1,32}$": "от 1 до 32 строчных латинских букв, цифр и знаков -",
        r"^[a-z0-9_.-]+$": "строчные латинские буквы, цифры и знаки _ . -",
        r"^[A-Za-z0-9+/]+={0,2}$": "Base64 без пробелов и переводов строк",
        r"^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$": "Base64",
        r"^/([A-Za-z0-9._~-]+/?)*$": "адрес на этой службе вида /office",
        r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$": (
            "имя бакета: от 3 до 63 строчных латинских букв, цифр и знаков . -, по краям не знаки"
        ),
        r"^[^:]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$": "адрес и порт вида 127.0.0.1:8000 или [::1]:8000",
        r"^https?://": "адрес, который начинается с https:// или http://",
        r"^https?://\S+$": "адрес вида https://login.school.ru без пробелов",
        r"\bopenid\b": "слова через пробел, среди них openid",
        r"^(оценок|отметок)$": "«оценок» или «отметок»",
        r"^\d{4}/\d{4}$": "учебный год вида 2026/2027",
        r"^[A-Za-z]+(/[A-Za-z_+-]+[0-9]*)*$": "название часового пояса вида Asia/Yekaterinburg",
    }
)

CHOICES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        tuple(MarkValue): (
            "нужна строка в кавычках: 5, 4, 3, 2, 1, PASS (зачёт), FAIL (незачёт), NA (н/а) или "
            "EXEMPT (освобождён); пропуски пишут в «att»"
        ),
        tuple(Attendance): (
            "можно только: ABSENT (н), ABSENT_ILL (б), ABSENT_VALID (уп), ABSENT_INVALID (нп), "
            "LATE (опоздание) или null"
        ),
    }
)

_DATE = "нужна существующая дата вида 2027-05-26"
_TIME = "нужно время со смещением вида 2027-06-15T10:32:00+05:00"
_NUMBER = "нужно число, например 4.33"

OF_A_KEY = "[key]"  # where pydantic puts what is wrong with a key, not with what stands at it

Complaint = Callable[[Mapping[str, Any]], str]

COMPLAINTS: Mapping[str, tuple[str, Complaint]] = MappingProxyType(
    {
        "string_too_short": (
            "too-short",
            lambda c: f"символов должно быть не меньше {c['min_length']}",
        ),
        "string_too_long": (
            "too-long",
            lambda c: f"символов больше {c['max_length']}; сократите текст",
        ),
        "too_short": ("too-few", lambda c: f"в списке должно быть не меньше {c['min_length']}"),
        "too_long": (
            "too-many",
            lambda c: (
                f"в списке {c['actual_length'] or 'слишком много'}, "
                f"а можно не больше {c['max_length']}"
            ),
        ),
        "string_pattern_mismatch": (
            "wrong-format",
            lambda c: f"нужно: {PATTERNS.get(c['pattern'], c['pattern'])}",
        ),
        "greater_than_equal": ("out-of-range", lambda c: f"нужно число не меньше {c['ge']}"),
        "greater_than": ("out-of-range", lambda c: f"нужно число больше {c['gt']}"),
        "less_than": ("out-of-range", lambda c: f"нужно число меньше {c['lt']}"),
        "less_than_equal": ("out-of-range", lambda c: f"нужно число не больше {c['le']}"),
        "enum": ("not-allowed", lambda c: _choice(c["expected"])),
        "literal_error": ("not-allowed", lambda c: _choice(c["expected"])),
        "date_parsing": ("bad-date", lambda _: _DATE),
        "date_from_datetime_parsing": ("bad-date", lambda _: _DATE),
        "date_from_datetime_inexact": ("bad-date", lambda _: f"{_DATE}, без времени"),
        "datetime_parsing": ("bad-time", lambda _: _TIME),
        "datetime_from_date_parsing": ("bad-time", lambda _: _TIME),
        "datetime_object_invalid": ("bad-time", lambda _: _TIME),
        "time_parsing": ("bad-time", lambda _: "нужно время вида 06:00"),
        "timezone_aware": ("no-offset", lambda _: f"нет смещения от UTC; {_TIME}"),
        "finite_number": ("bad-number", lambda _: _NUMBER),
        "decimal_parsing": ("bad-number", lambda _: _NUMBER),
        "int_parsing_size": ("out-of-range", lambda _: "число слишком велико"),
        "decimal_max_digits": (
            "too-precise",
            lambda c: f"нужно не больше {c['max_digits']} цифр в числе",
        ),
        "decimal_max_places": (
            "too-precise",
            lambda c: f"нужно не больше {c['decimal_places']} знаков после запятой",
        ),
        "decimal_whole_digits": (
            "out-of-range",
            lambda c: f"нужно не больше {c['whole_digits']} цифр до запятой",
        ),
    }
)


def faults(records: Sequence[Mapping[str, Any]], whole: str = "Снимок") -> list[Fault]:
    """Return pydantic's error records as faults.

    `whole` is what the document is called where it is wrong as a whole.

    The models have no unions but those with null, so a record's place is the document's.
    """
    return [_fault(record, whole) for record in firsthand(records)]


def firsthand(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return pydantic's error records without those that only follow from others."""
    above = {record["loc"][:depth] for record in records for depth in range(len(record["loc"]))}
    return [one for one in records if not (one["type"] == "too_short" and one["loc"] in above)]


def pointer(path: tuple[int | str, ...]) -> str:
    """Return a place in a document as an RFC 6901 pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _fault(record: Mapping[str, Any], whole: str) -> Fault:
    kind = _kind(record)
    path: tuple[int | str, ...] = record["loc"]
    if path and path[-1] == OF_A_KEY:
        path = path[:-1]
    if kind == "missing":
        message = f"Нет обязательного поля «{path[-1]}»: добавьте его."
        return Fault(pointer(path[:-1]), "missing-key", message)
    field = _field(path) if path else whole
    if kind in TYPES:
        return Fault(pointer(path), "wrong-type", f"{field}: {TYPES[kind]}.")
    if kind == "value_error":
        reason = str(record["ctx"]["error"])
        said = f"{field}: {reason}." if path else f"{reason[:1].upper()}{reason[1:]}."
        return Fault(pointer(path), "invalid", said)
    code, complaint = COMPLAINTS.get(kind, ("invalid", lambda _: "недопустимое значение"))
    return Fault(pointer(path), code, f"{field}: {complaint(record.get('ctx', {}))}.")


def _kind(record: Mapping[str, Any]) -> str:
    """Return what sort of error it is: a text judged after it was put right is still a text."""
    kind: str = record["type"]
    measured = kind in {"too_short", "too_long"} and record["ctx"]["field_type"] == "Value"
    return f"string_{kind}" if measured else kind


def _field(path: tuple[int | str, ...]) -> str:
    names = [step for step in path if isinstance(step, str)]
    if isinstance(path[-1], int):
        return f"Запись № {path[-1] + 1} списка «{names[-1]}»" if names else "Запись списка"
    return f"Поле «{path[-1]}»"


def _choice(expected: str) -> str:
    listed = tuple(re.findall(r"'([^']*)'", expected))
    return CHOICES.get(listed, f"можно только: {', '.join(listed) or expected}")
