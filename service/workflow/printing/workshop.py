"""Where documents of the ledger are printed: in a process that holds forms and fonts ready."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.documents.kind import DocumentKind
from service.documents.options import DocumentOptions
from service.domain.extract import Extract
from service.ledger import documents, snapshots
from service.ledger.database import Database
from service.ledger.documents import State
from service.ledger.files import Files
from service.ledger.printing import steps
from service.ledger.printing.layouts import Counted, Layout
from service.ledger.printing.steps import Stage
from service.ledger.snapshots import SnapshotRow
from service.rendering.printer import Printer
from service.workflow.printing import excerpts
from service.workflow.printing.produce import Printout
from service.workflow.printing.typeset import Task, every_volume, laid_out


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a printing process holds ready between documents."""

    database: Database
    files: Files
    kinds: Mapping[str, DocumentKind]
    printer: Printer
    forms: str  # the hash of what the printer sets documents in now

    def print(self, document: str, generation: int) -> tuple[Printout, ...]:
        """Print a document of the ledger into the working files, telling its step how far it is.

        Returns its volumes, most often one.
        """
        with self.database.reading() as connection:
            found = documents.get(connection, document)
            snapshot = snapshots.get(connection, found.school, found.snapshot)

        def report(stage: Stage) -> None:
            with self.database.writing(forgettable=True) as connection:
                steps.progress(connection, document, State.RENDERING, generation, stage)

        report(Stage(1, "Читаем снимок"))
        task = Task(
            document=found.id,
            kind=found.kind,
            class_id=found.class_id,
            term=found.term,
            options=DocumentOptions.model_validate_json(found.options),
            issued_at=found.issued_at.astimezone(ZoneInfo(found.timezone)),
            version=found.version,
            forms=self.forms,
        )
        part = self._extract(snapshot, found.class_id)
        return tuple(
            Printout(
                made.document,
                self.files.keep(made.pdf),
                self.files.keep(made.docx),
                made.pages,
                made.sheets,
            )
            for made in every_volume(task, part, self.kinds, self.printer, report)
        )

    def lay_out(self, layout: Layout, at: datetime) -> Counted:
        """Count the pages of a document as it would be printed at a moment; nothing is kept."""
        began = time.process_time()
        with self.database.reading() as connection:
            found = snapshots.get(connection, layout.school, layout.snapshot)
        task = Task(
            document=layout.id,
            kind=layout.kind,
            class_id=layout.class_id,
            term=layout.term,
            options=DocumentOptions.model_validate_json(layout.options),
            issued_at=at.astimezone(ZoneInfo(found.timezone)).replace(microsecond=0),
            version=1,
            forms=self.forms,
        )
        part = self._extract(found, layout.class_id)
        counts = laid_out(task, part, self.kinds, self.printer)
        return Counted(
            pages=tuple(count.pages for count in counts),
            sheets=tuple(count.sheets for count in counts),
            seconds=time.process_time() - began,
        )

    def same_class(self, school: str, one: str, other: str, class_id: str) -> bool:
        """Tell whether two snapshots say the same of a class but for their source and its time."""
        with self.database.reading() as connection:
            rows = [snapshots.get(connection, school, name) for name in (one, other)]
        first, second = (self._extract(row, class_id).snapshot for row in rows)
        return first.model_copy(update={"source": second.source}) == second

    def _extract(self, snapshot: SnapshotRow, class_id: str) -> Extract:
        """Return one class of a snapshot, taken out of it once and set aside."""
        known = self.files.derived(snapshot.sha256, self._part(class_id))
        if known is not None:
            return Extract.read(known)
        part = excerpts.of_class(self.files, snapshot, class_id)
        self.files.derive(snapshot.sha256, self._part(class_id), part.body)
        return part

    def _part(self, class_id: str) -> str:
        """Return the name of a class's extract: another edition of the service makes its own."""
        return f"{self.forms} {class_id}"
