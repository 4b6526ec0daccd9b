"""The account of an import: every line of the source is placed, or left out with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from service.imports import FileCount, Finding, ImportReport


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A line of a file, from 1."""

    file: str
    number: int


@dataclass(slots=True)
class Ledger:
    """Collects what became of each line while a source is read."""

    _lines: list[Line] = field(default_factory=list)
    _placed: set[Line] = field(default_factory=set)
    _left_out: set[Line] = field(default_factory=set)
    _findings: list[tuple[Line, str, str, str]] = field(default_factory=list)

    def seen(self, line: Line) -> None:
        """Count a line that must end up somewhere."""
        self._lines.append(line)

    def place(self, line: Line) -> None:
        """Say that a line is in the snapshot."""
        self._placed.add(line)

    def is_placed(self, line: Line) -> bool:
        """Tell whether a line is in the snapshot already."""
        return line in self._placed

    def is_left_out(self, line: Line) -> bool:
        """Tell whether a line is known not to be in the snapshot."""
        return line in self._left_out

    def is_accounted(self, line: Line) -> bool:
        """Tell whether a line's fate is decided."""
        return line in self._placed or line in self._left_out

    def note(self, line: Line, record: str, code: str, message: str) -> None:
        """Say something about a line; whether it is in the snapshot is decided elsewhere."""
        self._findings.append((line, record, code, message))

    def leave_out(self, line: Line, record: str, code: str, message: str) -> None:
        """Say that a line is not in the snapshot, and why."""
        self._left_out.add(line)
        self.note(line, record, code, message)

    def report(self, name: str) -> ImportReport:
        """Return the account; a line neither placed nor left out is a fault of this program."""
        unaccounted = [
            line for line in self._lines if (line in self._placed) == (line in self._left_out)
        ]
        assert not unaccounted, f"lines of no fate or of two: {unaccounted}"
        lines = Counter(line.file for line in self._lines)
        placed = Counter(line.file for line in self._placed)
        return ImportReport(
            format=name,
            files=tuple(
                FileCount(file, total, placed[file], total - placed[file])
                for file, total in sorted(lines.items())
            ),
            findings=tuple(
                Finding(line.file, line.number, record, code, message, line in self._placed)
                for line, record, code, message in sorted(self._findings)
            ),
        )
