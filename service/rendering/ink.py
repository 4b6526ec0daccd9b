"""The ink of a document: texts as operators and glyphs, and which glyphs of each face it used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from service.documents.parts import Align, Style
from service.rendering.capture import Run, Slot
from service.rendering.setting import set_line, styled
from service.rendering.typeface import EM, Faces, Shaped

Line = tuple[bytes, int]
ALONG = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}


class Ink:
    """The glyphs a document uses, face by face, and the names its fonts go by."""

    def __init__(self, faces: Faces):
        self.faces = faces
        self._lines: dict[tuple[str, str], Line] = {}
        self._noted: dict[str, dict[Shaped, None]] = defaultdict(dict)
        self._texts: dict[tuple[Slot, Style], Texts] = {}

    @staticmethod
    @cache
    def name(face: str) -> bytes:
        """Return the resource name of a face."""
        return face.replace("PT", "").replace("-", "").encode()

    @staticmethod
    @cache
    def font(face: str, size: float) -> bytes:
        """Return the operator that takes up a face in a size."""
        return b"/%s %g Tf" % (Ink.name(face), size)

    def texts(self, slot: Slot, style: Style = Style.PLAIN) -> Texts:
        """Return what texts are in slots like this one, whose place is 0, 0."""
        known = self._texts.get((slot, style))
        if known is None:
            known = self._texts[slot, style] = Texts(self, slot, style)
        return known

    def line(self, face: str, text: str) -> Line:
        """Return a line shaped, its glyphs noted: what stands in the array of TJ, and its width."""
        known = self._lines.get((face, text))
        if known is None:
            shaped = self.faces[face].shaped(text)
            self._noted[face].update(dict.fromkeys(shaped))
            array = b"".join([part.array for part in shaped]).replace(b"><", b"")
            known = self._lines[face, text] = array, sum([part.width for part in shaped])
        return known

    def glyphs(self) -> Iterator[tuple[str, Mapping[int, str]]]:
        """Yield every face used with its glyphs and the text each stood for first."""
        for face, parts in sorted(self._noted.items()):
            glyphs: dict[int, str] = {}
            for part in reversed(parts):
                glyphs |= part.glyphs
            yield face, glyphs


class Texts(dict[str, bytes]):
    """Texts in slots of one make: `texts[text]` is the operators that set it from a slot's place.

    They leave font, size and place as they were; the place is where the slot aligns its text.
    """

    def __init__(self, ink: Ink, slot: Slot, style: Style):
        super().__init__({"": b""})
        self._ink = ink
        self._slot = slot
        self._style = style

    def __missing__(self, text: str) -> bytes:
        slot, ink = self._slot, self._ink
        face = slot.face if self._style is Style.PLAIN else styled(slot.face, self._style)
        array, width = ink.line(face, ink.faces.legible(text))
        if face == slot.face and width * slot.size <= slot.width * EM and "\n" not in text:
            before = round(width * ALONG[slot.align])
            said = b"[%d%s]TJ" % (before, array) if before else b"[%s]TJ" % array
        else:
            runs = set_line(slot, text, ink.faces, self._style)
            said = b" ".join([*map(self._apart, runs), ink.font(slot.face, slot.size), b"0 Ts"])
        self[text] = said
        return said

    def _apart(self, run: Run) -> bytes:
        """Set a line in a face, a size or at a height of its own, and come back to the place."""
        ink, slot = self._ink, self._slot
        array, width = ink.line(run.face, run.text)
        shift = round((run.x - ALONG[slot.align] * slot.width) * EM / run.size)
        rise = slot.top + slot.ascent - run.y
        font = ink.font(run.face, run.size)
        return b"%s %.2f Ts[%d%s%d]TJ" % (font, rise, -shift, array, shift + width)
