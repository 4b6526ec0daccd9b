"""The spreads of a subject: lessons dealt to pages, marks and topics in step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from service.documents.parts import LessonStep, PeriodStep, Spreads, Step, Style
from service.rendering.capture import Capture
from service.rendering.forms import Forms
from service.rendering.marks import MarksPage
from service.rendering.pages import Entry, MarksSlice, TopicsSlice
from service.rendering.paper import PaperSide
from service.rendering.setting import styled
from service.rendering.topics import TopicsPage
from service.rendering.typeface import wrap

COLUMNS = 20
COLUMN = 6.0  # millimetres
ROWS = 35
LINES = 48
LINE = 5.0  # millimetres


class SpreadPages:
    """Cuts a subject's book into left and right pages."""

    def __init__(self, forms: Forms):
        self._forms = forms
        self._faces = forms.typesetter.faces
        self._marks = lru_cache(maxsize=64)(self._lay_out_marks)
        self._topics = lru_cache(maxsize=64)(self._lay_out_topics)

    def slices(
        self, spreads: Spreads, paper: PaperSide
    ) -> Iterator[tuple[MarksSlice, TopicsSlice]]:
        """Yield left and right pages: the same lessons on both, as many as both hold."""
        count = len(spreads.pupils)
        shares = -(-count // ROWS) or 1
        rows = -(-count // shares)
        for steps, entries in self._deal(spreads, paper):
            for first in range(0, max(count, 1), max(rows, 1)):
                yield (
                    MarksSlice(
                        spreads, spreads.pupils[first : first + rows], first, steps, COLUMNS
                    ),
                    TopicsSlice(spreads, entries, LINES, again=first > 0),
                )

    def _deal(
        self, spreads: Spreads, paper: PaperSide
    ) -> Iterator[tuple[tuple[Step, ...], tuple[Entry, ...]]]:
        form = self._ruled(paper)
        steps: list[Step] = []
        entries: list[Entry] = []
        lines = 0
        for together in _with_periods(spreads.steps):
            written = [tuple(self._entries(step, form)) for step in together]
            height = sum(entry.lines for own in written for entry in own if _speaks(entry.step))
            if entries and (len(steps) + len(together) > COLUMNS or lines + height > LINES):
                yield tuple(steps), tuple(entries)
                steps, entries, lines = [], [], 0
            for step, own in zip(together, written, strict=True):
                for number, entry in enumerate(own):
                    taken = entry.lines if _speaks(step) else 0
                    if lines + taken > LINES or (number == 0 and len(steps) == COLUMNS):
                        yield tuple(steps), tuple(entries)
                        steps, entries, lines = [], [], 0
                    if number == 0:
                        steps.append(step)
                    if taken:
                        entries.append(entry)
                        lines += taken
        yield tuple(steps), tuple(entries)

    def _entries(self, step: Step, form: Capture) -> Iterator[Entry]:
        """Yield what a step writes on the right page; a longer text goes on on the next one."""
        topic, home = form.slots["t0"], form.slots["h0"]
        legible = self._faces.legible
        if isinstance(step, PeriodStep):
            if not step.summary:
                yield Entry(step, (), ())
                return
            bold = self._faces[styled(topic.face, Style.BOLD)]
            width = home.x + home.width - topic.x
            yield Entry(step, wrap(bold, legible(step.summary), topic.size, width), ())
            return
        face = self._faces[topic.face]
        left = wrap(face, legible(step.topic), topic.size, topic.width)
        right = wrap(face, legible(step.homework), home.size, home.width)
        for start in range(0, max(len(left), len(right), 1), LINES):
            yield Entry(step, left[start : start + LINES], right[start : start + LINES])

    def marks_page(self, paper: PaperSide) -> MarksPage:
        """Return the left page, the same one each time."""
        return self._marks(paper)

    def topics_page(self, paper: PaperSide) -> TopicsPage:
        """Return the right page, the same one each time."""
        return self._topics(paper)

    def _lay_out_marks(self, paper: PaperSide) -> MarksPage:
        width, height = paper.size
        ruled = self._forms.form(
            "shared/marks.html",
            width=width,
            height=height,
            rows=ROWS,
            columns=COLUMNS,
            column=COLUMN,
        )
        return MarksPage(ruled, ROWS, COLUMNS, paper, self._faces)

    def _lay_out_topics(self, paper: PaperSide) -> TopicsPage:
        return TopicsPage(self._ruled(paper), LINES, paper, self._faces)

    def _ruled(self, paper: PaperSide) -> Capture:
        width, height = paper.size
        return self._forms.form(
            "shared/topics.html", width=width, height=height, lines=LINES, line=LINE
        )


def _with_periods(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Yield each lesson with the periods that end after it: their columns stand side by side.

    So no spread holds periods alone, opposite a page of topics without a lesson.
    """
    together: list[Step] = []
    for step in steps:
        if together and isinstance(step, LessonStep):
            yield tuple(together)
            together = []
        together.append(step)
    if together:
        yield tuple(together)


def _speaks(step: Step) -> bool:
    return isinstance(step, LessonStep) or bool(step.summary)
