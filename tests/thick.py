"""A register too thick for its school: one class whose pages take several volumes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from town import SCHOOL, Clock, Town, settings_file

from service.domain.extract import canonical
from service.sample.school import school
from service.settings import load
from signing.authority import Authority

MOST = 10  # sheets in a volume
LESSONS = 30  # of each subject: two to three sheets


def register(subjects: int) -> bytes:
    """A snapshot of one class of the town's school with so many subjects."""
    whole = school(classes=1, seed=1)
    (journal,) = whole.classes
    groups = [
        group.model_copy(update={"lessons": group.lessons[:LESSONS], "ktp": ()})
        for group in journal.groups[:subjects]
    ]
    cut = journal.model_copy(update={"groups": tuple(groups)})
    named = whole.school.model_copy(update={"id": SCHOOL})
    return canonical(whole.model_copy(update={"school": named, "classes": (cut,)}))


@pytest.fixture
def thin(tmp_path: Path, authority: Authority) -> Iterator[Town]:
    """A town whose school binds no more than MOST sheets together."""
    file = settings_file(tmp_path, authority)
    section = f"[schools.{SCHOOL}]\n"
    options = f"{section}options = {{ volume_sheets = {MOST} }}\n"
    file.write_text(file.read_text(encoding="utf-8").replace(section, options), encoding="utf-8")
    made = Town(tmp_path, load(file, {}), authority, Clock(datetime.now(UTC)))
    yield made
    made.close()
