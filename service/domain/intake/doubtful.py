"""What a class says that may be meant and is a slip more often: told, not refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.domain.errors import Fault
from service.domain.journal import SchoolClass
from service.domain.snapshot import Term
from service.domain.wording.dates import span


def doubts(index: int, journal: SchoolClass, terms: Mapping[str, Term]) -> Iterator[Fault]:
    """Yield what deserves a look in the class that is the `index`-th of a snapshot.

    `terms` are those of the snapshot, by id.
    """
    at = f"/classes/{index}"
    if journal.letter.startswith(str(journal.grade)):
        title = f"{journal.grade}{journal.letter}"
        message = f"Класс будет назван «{title}»: номер параллели пишут только в «grade»."
        yield Fault(f"{at}/letter", "grade-in-letter", message)
    for group_index, group in enumerate(journal.groups):
        for lesson_index, lesson in enumerate(group.lessons):
            term = terms.get(lesson.term)
            if term is not None and not term.start <= lesson.date <= term.end:
                message = (
                    f"Урок напечатают в периоде «{term.id}», а дан он не в нём "
                    f"({span(term.start, term.end)}): проверьте дату и период."
                )
                place = f"{at}/groups/{group_index}/lessons/{lesson_index}/date"
                yield Fault(place, "outside-term", message)
