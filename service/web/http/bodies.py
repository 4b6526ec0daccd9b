"""A request's body: unpacked within a limit, JSON straight into a model, faults with places."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from flask import Request
from gunicorn.http.errors import ParseException
from pydantic import BaseModel, ValidationError

from service.domain.errors import Fault, Rejected
from service.domain.intake.complaints import faults, pointer
from service.domain.intake.json_file import BOM
from service.domain.intake.parsing import complaint, not_json
from service.web.http.problems import BrokenGzip, Interrupted, Malformed, TooLarge, WrongEncoding

CHUNK = 1 << 16
PIECE = 1 << 20  # bytes unpacked at a time
GZIP = 31  # zlib: a gzip header, the largest window
SMALL = 1 << 20
SHOWN = 100
NUL = "\0"
AGAIN = "Поле «{}» стоит в объекте дважды: оставьте одно."
NUL_ESCAPED = rb"\u0000"

Model = TypeVar("Model", bound=BaseModel)


class Invalid(Rejected):
    """The body is JSON, but not what is expected here."""

    code = "request-invalid"
    title = "Запрос не принят"


def pieces(request: Request, limit: int, *media_types: str) -> Iterator[bytes]:
    """Yield the body as it comes, unpacked, up to `limit` bytes: a bomb is not unpacked past it."""
    if request.mimetype not in media_types:
        raise WrongEncoding(f"Нужен заголовок Content-Type: {' или '.join(media_types)}.")
    encoding = _encodings(request.headers.get("Content-Encoding", ""))
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    try:
        match encoding:
            case []:
                yield from _plain(request, limit)
            case ["gzip" | "x-gzip"]:
                yield from _unpacked(request, limit)
            case _:
                raise WrongEncoding("Принимаются тела без сжатия или со сжатием gzip.")
    except (OSError, ParseException):  # a socket that closed, chunks (RFC 9112, 7.1) that are none
        raise Interrupted("Тело запроса не дошло целиком: отправьте его ещё раз.") from None


def is_absent(request: Request) -> bool:
    """Return whether nothing is sent (RFC 9112, 6.3), so that no header need say what it is."""
    return not request.content_length and "Transfer-Encoding" not in request.headers


def model(body: bytes, wanted: type[Model]) -> Model:
    """Return a body as a model, or raise Malformed or Invalid."""
    body = body.removeprefix(BOM)
    try:
        asked = wanted.model_validate_json(body, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        raise _refusal(error, body) from None
    if wrong := _beyond(body):
        raise _invalid(wrong)
    return asked


def nul_faults(value: Any, place: tuple[int | str, ...] = ()) -> tuple[Fault, ...]:
    """Return the places of texts with U+0000, which PostgreSQL cannot keep (its manual, 8.3)."""
    match value:
        case str() if NUL in value:
            return (Fault(pointer(place), "nul", "Уберите из текста знак U+0000."),)
        case dict():
            parts = [*value.items(), *((key, key) for key in value)]
        case list():
            parts = list(enumerate(value))
        case _:
            return ()
    return tuple(fault for step, part in parts for fault in nul_faults(part, (*place, step)))


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """Return what is wrong in a request, each with its place."""
    records = error.errors(include_url=False, include_input=False)
    strangers = [one["loc"] for one in records if one["type"] == "extra_forbidden"]
    return (
        *faults([one for one in records if one["type"] != "extra_forbidden"], "Тело запроса"),
        *(Fault(pointer(place), "unknown-key", _stranger(place)) for place in strangers),
    )


def _beyond(body: bytes) -> tuple[Fault, ...]:
    """Return what is wrong with JSON that no model sees."""
    nul = nul_faults(json.loads(body)) if NUL_ESCAPED in body else ()
    return _twice(_pairs(body)) + nul


class _Object(tuple[tuple[str, Any], ...]):
    """The members of an object, each as often as it was sent."""

    __slots__ = ()


def _pairs(body: bytes) -> Any:
    """Return JSON with every member its objects have (RFC 8259, 4: parsers differ on these)."""
    return json.loads(body, object_pairs_hook=_Object, parse_int=str)


def _twice(value: Any, place: tuple[int | str, ...] = ()) -> tuple[Fault, ...]:
    """Return the keys that stand in their object again, each once."""
    match value:
        case _Object():
            counted = Counter(key for key, _ in value)
            again = tuple(
                Fault(pointer((*place, key)), "duplicate-key", AGAIN.format(key[:60]))
                for key, times in counted.items()
                if times > 1
            )
            parts: list[tuple[int | str, Any]] = [*value]
        case list():
            again, parts = (), list(enumerate(value))
        case _:
            return ()
    return again + tuple(fault for step, part in parts for fault in _twice(part, (*place, step)))


def _stranger(place: tuple[int | str, ...]) -> str:
    return f"Поле «{str(place[-1])[:60]}» неизвестно: уберите его или исправьте имя."


def _encodings(told: str) -> list[str]:
    """Return the codings of a body (RFC 9110, 8.4); `identity` is none."""
    listed = (one.strip().lower() for one in told.split(","))
    return [one for one in listed if one not in {"", "identity"}]


def _plain(request: Request, limit: int) -> Iterator[bytes]:
    room = limit
    while piece := request.stream.read(CHUNK):
        room -= len(piece)
        if room < 0:
            raise _too_large(limit)
        yield piece


def _unpacked(request: Request, limit: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(GZIP)
    room = limit
    while chunk := request.stream.read(CHUNK):
        more = True
        while more:
            if unpacker.eof:  # another member follows (RFC 1952, 2.2)
                unpacker = zlib.decompressobj(GZIP)
            most = min(room, PIECE) + 1
            try:
                piece = unpacker.decompress(chunk, most)
            except zlib.error:
                raise BrokenGzip("Тело запроса названо gzip, но не распаковывается.") from None
            room -= len(piece)
            if room < 0:
                raise _too_large(limit)
            yield piece
            chunk = unpacker.unconsumed_tail or unpacker.unused_data
            more = bool(chunk) or (len(piece) == most and not unpacker.eof)
    if not unpacker.eof:
        raise BrokenGzip("Сжатое тело запроса оборвано: отправьте его заново целиком.")


def _refusal(error: ValidationError, body: bytes) -> Rejected:
    if reason := not_json(error):
        return Malformed(complaint(reason, body, body, lambda at: at))
    return _invalid(faults_of(error) + _beyond(body))


def _invalid(wrong: tuple[Fault, ...]) -> Invalid:
    told = f"В запросе найдено ошибок: {len(wrong)}. Исправьте их и повторите."
    return Invalid(told, wrong[:SHOWN], len(wrong))


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"Принимается не больше {limit >> 20} МиБ в распакованном виде.")
