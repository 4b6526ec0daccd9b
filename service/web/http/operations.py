"""What a route is: its models, who may call it, what it answers; app and OpenAPI both read this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any, get_args

from flask import Request, Response
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from service.domain.access.rights import Right
from service.domain.errors import Fault
from service.domain.intake.complaints import pointer
from service.ledger.files import Arrived
from service.web.http import bodies, conditional
from service.web.http.access import NOTHING, Caller, NotFound
from service.web.http.deprecation import Deprecation
from service.web.http.gate import Gate
from service.web.http.idempotency import Once
from service.web.http.models import Told
from service.web.http.wire import HandedOver, finishing

JSON = "application/json"
EVENTS = "text/event-stream"  # WHATWG HTML, 9.2
REFUSED = "Параметры адреса не приняты."


SPELLINGS: Mapping[Any, tuple[re.Pattern[str], str]] = {
    bool: (re.compile("true|false", re.IGNORECASE), "нужно true или false"),
    int: (re.compile("-?[0-9]{1,18}"), "нужно целое число"),
    AwareDatetime: (re.compile(r"\d{4}-\d\d-\d\dT.+"), "нужен момент: 2027-06-15T10:32:00+05:00"),
    date: (re.compile(r"\d{4}-\d\d-\d\d"), "нужен день: 2027-06-15"),
}


class Query(BaseModel):
    """Parameters of the address: no unknown ones, text becomes what it should be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _written(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse what pydantic takes and the description does not: 1_0, yes, 0 for a day."""
        field = cls.model_fields[str(info.field_name)]
        for kind, (shape, told) in SPELLINGS.items():
            if kind in _kinds(field.annotation) and not shape.fullmatch(str(value)):
                raise ValueError(told)
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """A model, its status and headers."""

    told: Told
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


View = Callable[..., Answer | Response]
Arriving = Callable[[Iterable[bytes]], AbstractContextManager[Arrived]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    The view is called with the parts of the path by name and, where the operation has them,
    `caller`, `query`, and the body: `asked` as a model, or `body` as bytes of the type it `takes`,
    or as the file they were written to by `arriving`.
    """

    method: str
    path: str
    right: Right
    view: View
    summary: str
    told: Mapping[int, type[Told] | str]  # a model, or a media type
    asked: type[BaseModel] | None = None
    takes: str = ""  # a media type
    arriving: Arriving | None = None  # writes a body down that is too large to be held
    query: type[Query] | None = None
    limit: int = bodies.SMALL  # bytes of a body, unpacked
    before: Callable[[], None] | None = None  # asked before the body is read
    also: tuple[str, ...] = ()  # media types a model may come in besides JSON, by Accept
    changes: str = ""  # the address whose ETag If-Match names, if it is not this one
    deprecated: Deprecation | None = None
    by_token: bool = True  # a token will do; else it has to be somebody: logged in, or certified
    compares: bool = True  # If-Match is compared before the view; else by it, in its transaction

    @property
    def secured(self) -> bool:
        """Whether a token is asked for."""
        return self.right is not Right.PUBLIC

    @property
    def once(self) -> bool:
        """Whether an Idempotency-Key counts: what strangers may post changes nothing anyway."""
        return self.method == "POST" and self.secured

    @property
    def needs_body(self) -> bool:
        """Whether something has to be sent; what is put takes the place of all that was there."""
        if self.asked is None:
            return bool(self.takes)
        fields = self.asked.model_fields.values()
        return self.method != "POST" or any(one.is_required() for one in fields)

    @property
    def reads(self) -> bool:
        """Whether it only tells what is there."""
        return self.method == "GET"

    @property
    def strict(self) -> bool:
        """Whether a parameter it does not know is refused; a probe of lives may add any."""
        return self.path.startswith("/v1/")

    @property
    def streams(self) -> bool:
        """Whether it answers with events, as they happen."""
        return EVENTS in self.told.values()

    @property
    def sends_file(self) -> bool:
        """Whether it answers with one of many files, in parts if that is wanted."""
        files = any(isinstance(told, str) for told in self.told.values())
        return files and "<" in self.path and not self.streams

    @property
    def cached(self) -> str:
        """What a client may keep of an answer: ask again, with its ETag, before using it."""
        if not self.path.startswith("/v1/"):
            return "no-store"
        return "private, no-cache" if self.secured else "no-cache"


def endpoint(
    operation: Operation,
    request: Request,
    gate: Gate,
    once: Once,
    readable: Mapping[str, Operation],
) -> Callable[..., Response]:
    """Return the function Flask calls: it reads the request, calls the view, writes the answer.

    `readable` are the operations that read, by path.
    """
    changed = readable.get(operation.changes or operation.path)

    def answer(**given: Any) -> Response:
        if (finish := finishing(request)) is not None:
            answered: Response = finish()
            return answered
        caller = gate.admit(request, operation.right)
        if caller is not None:
            given["caller"] = caller
        if any(bodies.NUL in part for part in (request.view_args or {}).values()):
            raise NotFound(NOTHING)
        if operation.before is not None:
            operation.before()
        if operation.query is not None:
            given["query"] = _query(request, operation.query)
        elif operation.strict:
            _query(request, Query)
        if caller is not None:
            gate.require_school(caller, given.get("school") or request.args.get("school"))
        if operation.reads:
            return conditional.read(
                request, lambda: _response(operation.view(**given)), operation.cached
            )
        with _body(operation, request) as body:
            return changing(body, given)

    def changing(body: bytes | Arrived, given: dict[str, Any]) -> Response:
        def work() -> Response:
            if not operation.compares:
                return view()
            asked = partial(_current, changed, given.copy()) if changed else None
            with conditional.changing(request, asked):
                return view()

        def view() -> Response:
            if operation.asked is not None and isinstance(body, bytes):
                given["asked"] = bodies.model(body, operation.asked)
            elif operation.takes:
                given["body"] = body
            try:
                return _response(operation.view(**given))
            except HandedOver as handed:
                handed.then(lambda answered: _finished(answered, given["caller"], gate))
                raise

        if not operation.once:
            return work()
        known = sha256(body).hexdigest() if isinstance(body, bytes) else body.sha256
        return once(request, given["caller"], known, work)

    return answer


@contextmanager
def _body(operation: Operation, request: Request) -> Iterator[bytes | Arrived]:
    if operation.asked is None and not operation.takes:
        yield b""
        return
    if not operation.needs_body and bodies.is_absent(request):
        yield b"{}"
        return
    pieces = bodies.pieces(request, operation.limit, operation.takes or JSON)
    if operation.arriving is None:
        yield b"".join(pieces)
        return
    with operation.arriving(pieces) as arrived:
        yield arrived


def _finished(answered: Answer, caller: Caller, gate: Gate) -> Response:
    """Return the answer of a request that was held, and not admitted again."""
    gate.limits.caller(caller.school, caller.id)
    return _response(answered)


def _current(operation: Operation, given: Mapping[str, Any]) -> Response:
    """Return what a GET of another operation's path answers to the same caller."""
    if operation.secured:
        given["caller"].may(operation.right)
    parts = re.findall(r"<(\w+)>", operation.path)
    taken = {name: given[name] for name in (*parts, "caller") if name in given}
    if operation.query is not None:
        taken["query"] = operation.query()
    return _response(operation.view(**taken))


def _response(answered: Answer | Response) -> Response:
    if isinstance(answered, Response):
        return answered
    body = answered.told.model_dump_json(by_alias=True)
    response = Response(body, status=answered.status, content_type=JSON)
    response.headers.update(answered.headers)
    return response


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """Return the types a field may have; a limit around one is left out."""
    parts = get_args(annotation)
    return tuple(kind for one in parts for kind in _kinds(one)) if parts else (annotation,)


def _query(request: Request, wanted: type[Query]) -> Query:
    given = request.args.to_dict()
    try:
        known = wanted.model_validate(given)
    except ValidationError as error:
        raise bodies.Invalid(REFUSED, bodies.faults_of(error)) from None
    if wrong := bodies.nul_faults(given) + _repeated(request):
        raise bodies.Invalid(REFUSED, wrong)
    return known


def _repeated(request: Request) -> tuple[Fault, ...]:
    """Return the parameters sent twice: parsers differ on which one wins."""
    return tuple(
        Fault(pointer((name,)), "duplicate-key", f"Поле «{name}» названо дважды: оставьте одно.")
        for name, values in request.args.lists()
        if len(values) > 1
    )
