"""The ink of a document: texts as operators and glyphs, and which glyphs of each face it used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from service.documents.parts import Align, Style
from service.rendering.capture import Run, Slot
from service.rendering.setting import set_line
from service.rendering.typeface import EM, Faces, Shaped

NEAR = 0.02  # points that make no difference
ALONG = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}


class Ink:
    """The glyphs a document uses, face by face, and the names its fonts go by."""

    def __init__(self, faces: Faces):
        self.faces = faces
        self.glyphs: dict[str, dict[int, str]] = defaultdict(dict)
        self._arrays: dict[tuple[str, str], bytes] = {}
        self._noted: dict[str, set[Shaped]] = defaultdict(set)
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

    def array(self, face: str, text: str) -> bytes:
        """Return a line shaped for the array of TJ, its glyphs noted."""
        known = self._arrays.get((face, text))
        if known is not None:
            return known
        shaped = self.faces[face].shaped(text)
        if not self._noted[face].issuperset(shaped):
            self._note(face, shaped)
        array = b"".join([word.array for word in shaped]).replace(b"><", b"")
        self._arrays[face, text] = array
        return array

    def _note(self, face: str, shaped: Sequence[Shaped]) -> None:
        used = self.glyphs[face]
        for word in shaped:
            for glyph in word.glyphs.keys() - used.keys():
                used[glyph] = word.glyphs[glyph]
        self._noted[face].update(shaped)


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
        runs = set_line(slot, text, ink.faces, self._style)
        (first, *more) = runs
        base = slot.top + slot.ascent
        if not more and first[:2] == (slot.face, slot.size) and abs(first.y - base) < NEAR:
            shift = self._shift(first)
            before = b"%d" % -shift if shift else b""
            said = b"[%s%s]TJ" % (before, ink.array(first.face, first.text))
        else:
            said = b" ".join([*map(self._apart, runs), ink.font(slot.face, slot.size), b"0 Ts"])
        self[text] = said
        return said

    def _shift(self, run: Run) -> int:
        """Return how far to the right of its place a line begins, in thousandths of an em."""
        return round((run.x - ALONG[self._slot.align] * self._slot.width) * EM / run.size)

    def _apart(self, run: Run) -> bytes:
        """Set a line in a face, a size or at a height of its own, and come back to the place."""
        ink, shift = self._ink, self._shift(run)
        rise = self._slot.top + self._slot.ascent - run.y
        back = shift + ink.faces[run.face].measure(run.text)
        array = ink.array(run.face, run.text)
        return b"%s %.2f Ts[%d%s%d]TJ" % (ink.font(run.face, run.size), rise, -shift, array, back)
