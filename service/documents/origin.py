"""The small print under every page: when a document was made, and of what (FORMS 2.1)."""

from __future__ import annotations

from collections.abc import Callable

from service.documents.kind import Assignment
from service.domain.wording import dates


def origin(assignment: Assignment) -> Callable[[str], str]:
    """Return «Сформировано 30.10.2026 14:05 (UTC+5) · документ …, версия 1 · снимок от …».

    The id is that of a volume, given when it is printed.
    """
    snapshot = assignment.snapshot
    zone = snapshot.school.timezone
    made = dates.moment(dates.local(assignment.issued_at, zone))
    seen = dates.moment(dates.local(snapshot.source.exported_at, zone))
    return lambda document: (
        f"Сформировано {made} · документ {document}, версия {assignment.version} · снимок от {seen}"
    )
