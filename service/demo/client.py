"""The service as its clients see it: typed calls over HTTP, nothing else."""

from __future__ import annotations

import base64
import gzip
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from service.domain.errors import Rejected, Unavailable

_POLL_SECONDS = 20
_FAULTS = 5
_Model = TypeVar("_Model")

Octets = Annotated[bytes, BeforeValidator(base64.b64decode)]


class RequestFailed(Rejected):
    """The service answered with a problem; the message is its own."""

    code = "request-failed"
    title = "Служба не выполнила запрос"


class ServiceSilent(Unavailable):
    """The service does not answer, or answers what its contract does not say."""

    code = "service-silent"
    title = "Служба не отвечает"


class Answer(BaseModel):
    """An answer of the service; fields this client does not know are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ClassOf(Answer):
    """A class of a snapshot."""

    id: str
    title: str
    grade: int


class TermOf(Answer):
    """A term of a snapshot and the grades that have it."""

    id: str
    title: str
    grades: tuple[int, ...]


class Warned(Answer):
    """Something in a snapshot that can be printed but deserves a look."""

    pointer: str
    code: str
    message: str


class Accepted(Answer):
    """A snapshot as the service keeps it."""

    id: str
    sha256: str
    classes: tuple[ClassOf, ...]
    terms: tuple[TermOf, ...]
    warnings: tuple[Warned, ...] = ()


class Reason(Answer):
    """Why something failed or waits."""

    code: str
    message: str


class Job(Answer):
    """A print job and how far it has come."""

    id: str
    state: str
    percent: int
    step: str
    document: str
    problem: Reason | None = None


class SignatureOf(Answer):
    """A signature on a document."""

    role: str
    signer: str
    signed_at: datetime
    level: str
    valid: bool


class CopyOf(Answer):
    """A copy of one of a document's files in one store."""

    name: str
    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime


class Document(Answer):
    """A document of the archive: a volume, if it is bound in several."""

    id: str
    school: str
    kind: str
    class_id: Annotated[str, Field(alias="class")]
    class_title: str
    term: str | None = None
    version: int
    volume: int
    volumes: int | None = None
    other_volumes: tuple[str, ...] = ()
    state: str
    pages: int | None = None
    sheets: int | None = None
    retention_years: int
    keep_until: date | None = None
    pdf_sha256: str | None = None
    docx_sha256: str | None = None
    turn: str | None = None
    signatures: tuple[SignatureOf, ...] = ()
    copies: tuple[CopyOf, ...] = ()
    problem: Reason | None = None

    @property
    def several(self) -> bool:
        """Whether it is one of several volumes."""
        return self.volumes is not None and self.volumes > 1


class Session(Answer):
    """A signature being made: what the key must sign."""

    id: str
    role: str
    to_sign: Octets
    digest_algorithm: str


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody at a school with a token; raises RequestFailed and ServiceSilent."""

    http: httpx.Client
    school: str
    token: str

    def post_snapshot(self, body: bytes) -> Accepted:
        """Send a snapshot, gzipped; the same bytes again give the same answer."""
        return self._ask(
            TypeAdapter(Accepted),
            "POST",
            f"/v1/schools/{self.school}/snapshots",
            content=gzip.compress(body, mtime=0),
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        )

    def order(self, snapshot: str, kind: str, class_id: str, term: str | None = None) -> Job:
        """Order a document; the same order again is the same job."""
        wanted = {"snapshot": snapshot, "kind": kind, "class": class_id}
        if term is not None:
            wanted["term"] = term
        return self._ask(TypeAdapter(Job), "POST", f"/v1/schools/{self.school}/jobs", json=wanted)

    def follow(self, job: Job) -> Iterator[Job]:
        """Yield a job whenever something about it changed, last when it is done or has failed."""
        yield job
        while job.state not in {"done", "failed"}:
            now = self._ask(
                TypeAdapter(Job), "GET", f"/v1/jobs/{job.id}", params={"wait": _POLL_SECONDS}
            )
            if now != job:
                yield now
            job = now

    def document(self, document: str) -> Document:
        """Return a document as it is now."""
        return self._ask(TypeAdapter(Document), "GET", f"/v1/documents/{document}")

    def pdf(self, document: str) -> bytes:
        """Return the PDF, with the signatures made so far."""
        return self._send("GET", f"/v1/documents/{document}/pdf").content

    def docx(self, document: str) -> bytes:
        """Return the DOCX."""
        return self._send("GET", f"/v1/documents/{document}/docx").content

    def open_signature(self, document: str, role: str, certificates: Sequence[bytes]) -> Session:
        """Begin a signature; `certificates` are DER, the signer's first."""
        chain = [base64.b64encode(one).decode() for one in certificates]
        return self._ask(
            TypeAdapter(Session),
            "POST",
            f"/v1/documents/{document}/signatures",
            json={"role": role, "certificates": chain},
        )

    def close_signature(self, session: Session, value: bytes) -> Document:
        """Hand in the value the key gave."""
        return self._ask(
            TypeAdapter(Document),
            "PUT",
            f"/v1/signatures/{session.id}",
            json={"value": base64.b64encode(value).decode()},
        )

    def wait_for(self, document: str, state: str, patience: float) -> Document:
        """Return a document once it is in a state; ServiceSilent after `patience` seconds."""
        deadline = time.monotonic() + patience
        while True:
            found = self.document(document)
            if found.state == state:
                return found
            if found.state in {"failed", "rejected"} or time.monotonic() > deadline:
                raise ServiceSilent(
                    f"Документ {document} остался в состоянии «{found.state}», ждали «{state}». "
                    f"{found.problem.message if found.problem else ''}"
                )
            time.sleep(0.1)

    def _ask(self, shape: TypeAdapter[_Model], method: str, path: str, **request: Any) -> _Model:
        answer = self._send(method, path, **request)
        try:
            return shape.validate_json(answer.content)
        except ValidationError as error:
            raise ServiceSilent(
                f"Служба ответила не по договору на {method} {path}: {error}"
            ) from None

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **request.pop("headers", {})}
        try:
            answer = self.http.request(method, path, headers=headers, **request)
        except httpx.TransportError as error:
            raise ServiceSilent(f"{method} {path}: {type(error).__name__}.") from error
        if answer.is_success:
            return answer
        raise RequestFailed(f"{method} {path}: {answer.status_code}. {_detail(answer)}")


def connect(address: str) -> httpx.Client:
    """Return connections to the service at `address` (http://host:port), for all its clients."""
    return httpx.Client(base_url=address, timeout=httpx.Timeout(60, connect=3), trust_env=False)


def _detail(answer: httpx.Response) -> str:
    if "json" not in answer.headers.get("Content-Type", ""):
        return answer.text[:300]
    problem: Mapping[str, Any] = answer.json()
    faults = problem.get("errors") or ()
    told = "; ".join(f"{one['pointer']}: {one['message']}" for one in faults[:_FAULTS])
    return f"{problem.get('detail') or problem.get('title', '')} {told}".strip()
