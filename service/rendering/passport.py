"""What a file says about its own origin: enough to print it again, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Passport:
    """Identity and origin of a document, embedded in every file made of it."""

    document: str
    title: str
    kind: str
    issued_at: datetime  # aware; the only date a file carries
    snapshot: bytes  # canonical JSON of the extract it was made from, or of another `source`
    assignment: bytes  # canonical JSON: kind, scope, options, version, copy, templates, fonts
    source: str = "snapshot.json"  # what `snapshot` is called in the file
    about: str = "Данные журнала, из которых сделан документ"
