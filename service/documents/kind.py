"""What a kind of document is: title, term of retention, route of signatures and content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from service.documents.options import PrintOptions
from service.documents.parts import Content
from service.domain.approving.approval import Role
from service.domain.journal import SchoolClass
from service.domain.retention import Retention
from service.domain.snapshot import Snapshot, Term


class Scope(Enum):
    """What one document of a kind is about."""

    CLASS = "class"
    CLASS_TERM = "class-term"


@dataclass(frozen=True, slots=True)
class Assignment:
    """All a document is made of but its id: the same assignment gives the same pages.

    `snapshot` holds one class only: the extract that is embedded in the file.
    """

    snapshot: Snapshot
    term: Term | None
    options: PrintOptions
    issued_at: datetime  # aware, in the school's time zone; from the job, never from a clock here
    version: int = 1
    copy: int = 1

    @property
    def journal(self) -> SchoolClass:
        """The class the document is about."""
        (only,) = self.snapshot.classes
        return only


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document; its module's name, with hyphens, is its name everywhere."""

    title: str
    scope: Scope
    retention: Retention
    signatories: tuple[Role, ...]
    content: Callable[[Assignment], Content]
    case_index: Callable[[PrintOptions], str]  # its item in the school's list of files
