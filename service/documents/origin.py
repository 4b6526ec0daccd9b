"""The small print under every page: when a document was made, and of what (FORMS 2.1)."""

from __future__ import annotations

from service.documents.kind import Assignment
from service.domain import dates


def origin(assignment: Assignment) -> str:
    """Return «Сформировано 30.10.2026 14:05 (UTC+5) · документ …, версия 1 · снимок от …»."""
    snapshot = assignment.snapshot
    zone = snapshot.school.timezone
    return (
        f"Сформировано {dates.moment(dates.local(assignment.issued_at, zone))}"
        f" · документ {assignment.document}, версия {assignment.version}"
        f" · снимок от {dates.moment(dates.local(snapshot.source.exported_at, zone))}"
    )
