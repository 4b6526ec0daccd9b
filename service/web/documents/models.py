"""Snapshots and documents as they go over the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticKnownError

from service.domain.errors import Reason
from service.domain.wording.text import plain
from service.ledger.documents import State
from service.web.http.models import Asked, FaultShown, Next, Told

REASON = 3  # characters of the shortest reason


def _legible(reason: str) -> str:
    if len(plain(reason).strip()) < REASON:  # spaces and what is not seen are no reason
        raise PydanticKnownError("string_too_short", {"min_length": REASON})
    return reason


class RejectionAsked(Asked):
    """Send a document back."""

    reason: Annotated[str, Field(min_length=REASON, max_length=1000), AfterValidator(_legible)]


class ClassTold(Told):
    """A class of a snapshot."""

    id: str
    title: str
    grade: int


class TermTold(Told):
    """A term of a snapshot and the grades that have it."""

    id: str
    title: str
    grades: list[int]


class SnapshotTold(Told):
    """An accepted snapshot."""

    id: str
    sha256: str
    size: int
    year: str
    accepted_at: datetime
    classes: list[ClassTold]
    terms: list[TermTold]
    warnings: list[FaultShown]


class SnapshotListed(Told):
    """An accepted snapshot, in short."""

    id: str
    sha256: str
    size: int
    year: str
    accepted_at: datetime
    classes: list[ClassTold]
    warnings_total: Annotated[int, Field(description="Сколько замечаний найдено при приёме")]


class SnapshotsTold(Told):
    """A school's snapshots, the newest first."""

    snapshots: list[SnapshotListed]
    next: Next


class FindingTold(Told):
    """One thing looked at; `holds` is null where it could not be checked here."""

    what: str
    holds: bool | None
    said: str


class AttorneyTold(Told):
    """The power of attorney (МЧД) behind a signature, and what was checked of it."""

    number: str
    until: date | None
    findings: list[FindingTold]


class SignatureTold(Told):
    """A signature in the document."""

    role: str
    signer: str
    signed_at: datetime
    level: str
    valid: bool
    attorney: AttorneyTold | None = None


class CopyTold(Told):
    """A copy in a store, as it was last read back."""

    name: str
    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime


class DocumentTold(Told):
    """A document and all that is known of it; `problem` says why it failed, waits or came back.

    A thick one is bound in volumes, each a document of its own: the first is the one ordered, and
    each names the `other_volumes` in order; `volumes` is null until it is printed. What is
    `superseded_by` a newer version is kept as long as it would be, and nobody's turn to sign: what
    waited for that is `superseded`. Rejecting one volume rejects the whole book.
    """

    id: str
    school: str
    snapshot: str
    kind: str
    class_: Annotated[str, Field(serialization_alias="class")]
    class_title: str
    term: str | None
    year: str
    version: int
    volume: int
    volumes: int | None
    other_volumes: list[str]
    supersedes: str | None
    superseded_by: str | None
    state: State
    issued_at: datetime
    pages: int | None
    sheets: int | None
    retention_years: int
    keep_until: date | None
    pdf_sha256: str | None
    docx_sha256: str | None
    turn: str | None
    route: list[str]
    problem: Reason | None
    signatures: list[SignatureTold]
    copies: list[CopyTold]


class DocumentsTold(Told):
    """A school's documents, the newest first."""

    documents: list[DocumentTold]
    next: Next
