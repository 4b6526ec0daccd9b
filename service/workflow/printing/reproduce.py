"""Print an archived file again from what it carries, and say whether its bytes are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from service.documents.kind import DocumentKind
from service.documents.options import DocumentOptions
from service.domain.errors import Rejected
from service.domain.extract import Extract
from service.domain.intake.parsing import parse
from service.ledger.printing.steps import Stage
from service.rendering.printer import Printer
from service.workflow.printing.typeset import Task, VolumeMissing, typeset

ASSIGNMENT, SNAPSHOT = "assignment.json", "snapshot.json"


class NotReproducible(Rejected):
    """The file carries no origin, or one this service cannot print."""

    code = "not-reproducible"
    title = "Файл нельзя напечатать заново"


class Outcome(StrEnum):
    """What printing again has shown."""

    SAME = "same"
    DIFFERENT = "different"
    OTHER_EDITION = "other-edition"  # templates, fonts or program are not those of the file


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A file held against its own origin."""

    outcome: Outcome
    document: str
    kind: str
    version: int
    volume: int
    volumes: int
    size: int  # bytes before the first signature, as printed now
    differs_at: int | None  # the first byte that is not the same


class _Origin(BaseModel):
    """The assignment a file carries, `vedomost-assignment/1`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: Annotated[Literal["vedomost-assignment/1"], Field(alias="schema")]
    document: str
    kind: str
    class_id: Annotated[str, Field(alias="class")]
    term: str | None
    options: DocumentOptions
    issued_at: AwareDatetime
    version: int
    volume: Annotated[int, Field(ge=1)]
    volumes: Annotated[int, Field(ge=1)]
    forms: str


@dataclass(frozen=True, slots=True)
class Reproduce:
    """Prints files again; `forms` is the hash of what documents are set in now."""

    kinds: Mapping[str, DocumentKind]
    printer: Printer
    forms: str

    def __call__(self, pdf: bytes) -> Reproduction:
        """Compare a file, signed or not, with a fresh print: signatures only ever add to a file.

        Raises NotReproducible where the file does not say what it was made of.
        """
        origin, snapshot = _origin(pdf)
        if origin.kind not in self.kinds:
            raise NotReproducible(f"Вида документа «{origin.kind}» в этой версии службы нет.")
        task = Task(
            document=origin.document,
            kind=origin.kind,
            class_id=origin.class_id,
            term=origin.term or "",
            options=origin.options,
            issued_at=origin.issued_at,
            version=origin.version,
            forms=origin.forms,
            volume=origin.volume,
        )
        try:
            part = Extract.of(parse(snapshot))
            again = typeset(task, part, self.kinds, self.printer, _silent).pdf
            different = _first_difference(pdf, again)
        except VolumeMissing:  # printed now, the document takes fewer volumes
            again, different = b"", 0
        if different is None:
            outcome = Outcome.SAME
        elif origin.forms == self.forms:
            outcome = Outcome.DIFFERENT
        else:
            outcome = Outcome.OTHER_EDITION
        return Reproduction(
            outcome=outcome,
            document=origin.document,
            kind=origin.kind,
            version=origin.version,
            volume=origin.volume,
            volumes=origin.volumes,
            size=len(again),
            differs_at=different,
        )


def _origin(pdf: bytes) -> tuple[_Origin, bytes]:
    try:
        attachments = PdfReader(BytesIO(pdf)).attachments
        (assignment,), (snapshot,) = attachments[ASSIGNMENT], attachments[SNAPSHOT]
        return _Origin.model_validate_json(assignment), snapshot
    except (PyPdfError, KeyError, ValueError, ValidationError) as error:
        raise NotReproducible(
            "В файле нет снимка журнала и задания на печать: это не документ этой службы."
        ) from error


def _first_difference(pdf: bytes, again: bytes) -> int | None:
    """Return the first byte at which a file does not start with its fresh print."""
    if pdf.startswith(again):
        return None
    shared = min(len(pdf), len(again))
    low, high = 0, shared
    while low < high:
        middle = (low + high + 1) // 2
        if pdf[:middle] == again[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _silent(_stage: Stage) -> None:
    """Nobody waits for the progress of a comparison."""
