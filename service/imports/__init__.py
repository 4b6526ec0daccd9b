"""Foreign journal formats, found by name; every line of a source is accounted for."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from service.domain.errors import Rejected
from service.domain.snapshot import School, Snapshot, Year


class ImportRefused(Rejected):
    """The folder does not hold an export of this format."""

    code = "import-refused"
    title = "Выгрузка не принята"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a foreign export does not say about itself: the school, its year, the moment."""

    school: School
    year: Year
    exported_at: datetime  # aware


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one line of a source; `placed` says whether the line is in the snapshot.

    `record` is the source's own id of the record; no name and no mark stands in a finding.
    """

    file: str
    line: int
    record: str
    code: str
    message: str
    placed: bool


@dataclass(frozen=True, slots=True)
class FileCount:
    """The lines of one file: every line is placed or left out."""

    file: str
    lines: int
    placed: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every line of an export."""

    format: str
    files: tuple[FileCount, ...]
    findings: tuple[Finding, ...]

    def to_json(self) -> str:
        """Return the report as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


@dataclass(frozen=True, slots=True)
class Imported:
    """A snapshot made of a foreign export, and the account of how."""

    snapshot: Snapshot
    report: ImportReport


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """A journal system's export; `facts` are believable defaults for a source that has none."""

    title: str
    read: Callable[[Path, Facts], Imported]
    facts: Callable[[], Facts]


@cache
def formats() -> Mapping[str, ForeignFormat]:
    """Return every format by name: the module's name with hyphens, everywhere the same."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return MappingProxyType(
        {name.replace("_", "-"): import_module(f"{__name__}.{name}").FORMAT for name in names}
    )
