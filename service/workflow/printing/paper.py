"""What was found out, as a paper: made of facts of this moment, not printed from a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.documents.parts import Content
from service.rendering.passport import Passport


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in both formats; `number` is the id of what it tells of."""

    number: str
    pdf: bytes
    docx: bytes


Draw = Callable[[Content, Passport], Paper]
"""Returns some content as PDF/A-3u, with what the passport embeds, and as DOCX."""
