"""A snapshot checked class by class: nobody holds a whole school."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Annotated, Any, BinaryIO, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError

from service.domain.errors import Fault
from service.domain.intake import keys, pieces, references, walk
from service.domain.intake.behind import behind
from service.domain.intake.doubtful import doubts
from service.domain.intake.json_file import JsonFile
from service.domain.intake.parsing import (
    AS_SENT,
    COUNTED,
    FAULTS_SHOWN,
    collector_paused,
    malformed,
    not_json,
    parse,
    place_of,
    records,
    refusal,
    require_none,
)
from service.domain.intake.pieces import Pieces
from service.domain.intake.printable import WARNINGS_SHOWN
from service.domain.journal import SchoolClass
from service.domain.snapshot import Snapshot, Term

Seen = TypeVar("Seen")
Model = TypeVar("Model", bound=BaseModel)
See = Callable[[int, SchoolClass, bytes], Seen]


class Outline(Snapshot):
    """A snapshot whose classes stand apart."""

    classes: Annotated[tuple[SchoolClass, ...], Field(max_length=0)]


LARGE = 4 * 1024 * 1024  # bytes of a class; a larger one is not read again to count its faults
FIELDS = [*walk.keys(Snapshot)]
BEFORE = frozenset(FIELDS[: FIELDS.index("classes")])


@dataclass(frozen=True, slots=True)
class Surveyed(Generic[Seen]):
    """A good snapshot whose classes have lost their lists, and what was made of each whole one.

    `doubts` are up to 100 places that deserve a look; `extents` is where each class begins and ends
    in the document, none if that is not clear.
    """

    snapshot: Snapshot
    seen: tuple[Seen, ...]
    doubts: tuple[Fault, ...]
    extents: tuple[tuple[int, int], ...]


def survey(file: BinaryIO, see: See[Seen]) -> Surveyed[Seen]:
    """Check a snapshot as `parse` does, class by class: memory is that of the largest one.

    `see` is called with the number of each class, it and its JSON, before the snapshot is known
    to be good. Raises what `parse` raises.
    """
    text = JsonFile.of(file)
    document = text.whole()
    cut = pieces.split(document)
    if cut is None:
        whole = parse(document)
        seen = tuple(
            see(index, journal, journal.model_dump_json().encode())
            for index, journal in enumerate(whole.classes)
        )
        terms = {term.id: term for term in whole.terms}
        doubtful = chain.from_iterable(
            doubts(index, journal, terms) for index, journal in enumerate(whole.classes)
        )
        thin = _with(whole, map(_thin, whole.classes))
        return Surveyed(thin, seen, tuple(islice(doubtful, WARNINGS_SHOWN)), ())
    counts = not keys.unclear(document)
    del document  # as large as all classes together
    with collector_paused():
        return _Survey(text, cut, counts, see).surveyed()


def excerpt(text: bytes, extents: tuple[tuple[int, int], ...], index: int) -> Snapshot:
    """Return the good snapshot of a JSON text with one of its classes; the others are not read."""
    (first, _), (start, end), (_, last) = extents[0], extents[index], extents[-1]
    with collector_paused():
        return Snapshot.model_validate_json(text[:first] + text[start:end] + text[last:], **AS_SENT)


class _Survey(Generic[Seen]):
    """Goes through a document once, piece by piece; `counts` if counting tells strange keys."""

    def __init__(self, text: JsonFile, cut: Pieces, counts: bool, see: See[Seen]) -> None:
        self._text = text
        self._cut = cut
        self._counts = counts
        self._see = see
        self._wrong: list[Any] = []  # what pydantic found, in the order of the document
        self._further: list[Any] = []  # what is wrong behind it
        self._clean: dict[int, int] = {}
        self._classes: list[SchoolClass] = []
        self._seen: list[Seen] = []
        self._contradictions: list[Fault] = []
        self._doubts: list[Fault] = []

    def surveyed(self) -> Surveyed[Seen]:
        """Return what is good, or refuse."""
        outline, late = self._outline()
        of_class = None if outline is None else references.OfClass(outline)
        terms = {} if outline is None else {term.id: term for term in outline.terms}
        for index, (start, end) in enumerate(self._cut.classes):
            if len(self._wrong) >= COUNTED:
                break
            self._judge(index, start, end, of_class, terms)
        if isinstance(late, str):
            raise malformed(late, self._cut.outline, self._text.whole(), self._cut.moved)
        self._note(Outline, self._cut.outline, late, ())
        if outline is None or self._wrong:
            raise refusal(self._wrong, self._further, self._text.whole(), self._clean)
        around = references.of_outline(outline, [journal.id for journal in self._classes])
        require_none(self._strange(outline), chain(around, self._contradictions))
        thin = _with(outline, self._classes)
        return Surveyed(thin, tuple(self._seen), tuple(self._doubts), self._cut.classes)

    def _outline(self) -> tuple[Snapshot | None, list[Any] | str]:
        """Return what stands around the classes, and what is wrong after them."""
        try:
            return Outline.model_validate_json(self._cut.outline, **AS_SENT), []
        except ValidationError as error:
            if reason := not_json(error):
                at = place_of(reason, self._cut.outline)
                if at is None or at < self._cut.gap:
                    raise malformed(
                        reason, self._cut.outline, self._text.whole(), self._cut.moved
                    ) from None
                return None, reason
            found = records(error)
            self._wrong += [one for one in found if one["loc"][0] in BEFORE]
            return None, [one for one in found if one["loc"][0] not in BEFORE]

    def _judge(
        self,
        index: int,
        start: int,
        end: int,
        of_class: references.OfClass | None,
        terms: Mapping[str, Term],
    ) -> None:
        piece = self._text.part(start, end)
        try:
            journal = SchoolClass.model_validate_json(piece, **AS_SENT)
        except ValidationError as error:
            if reason := not_json(error):
                moved = start.__add__
                raise malformed(reason, piece, self._text.whole(), moved) from None
            at = ("classes", index)
            self._note(SchoolClass, piece, records(error), at)
            return
        if self._counts and keys.keys_in(piece) == keys.keys_of(journal):
            self._clean[start] = end
        if of_class is None or self._wrong:
            return
        self._classes.append(_thin(journal))
        self._seen.append(self._see(index, journal, piece))
        room = COUNTED - len(self._contradictions)
        self._contradictions += islice(of_class(index, journal), room)
        room = WARNINGS_SHOWN - len(self._doubts)
        self._doubts += islice(doubts(index, journal, terms), room)

    def _note(
        self, model: type[BaseModel], text: bytes, found: list[Any], at: tuple[int | str, ...]
    ) -> None:
        self._wrong += _under(at, found)
        if len(text) <= LARGE:
            further = _under(at, behind(model, text, found, **AS_SENT))
            self._further += islice(further, COUNTED - len(self._further))

    def _strange(self, outline: Snapshot) -> tuple[tuple[Fault, ...], int]:
        around = self._cut.outline
        if len(self._clean) == len(self._cut.classes) and keys.all_used(around, outline):
            return (), 0
        return keys.strange(self._text.whole(), FAULTS_SHOWN, COUNTED, self._clean)


def _under(at: tuple[int | str, ...], found: Iterable[Any]) -> Iterator[Any]:
    return ({**record, "loc": (*at, *record["loc"])} for record in found)


def _thin(journal: SchoolClass) -> SchoolClass:
    return journal.model_copy(update=dict.fromkeys(walk.nested(SchoolClass), ()))


def _with(outline: Snapshot, classes: Iterator[SchoolClass] | list[SchoolClass]) -> Snapshot:
    return outline.model_copy(update={"classes": tuple(classes)})
