"""What the pedagogical council decided about a pupil, in the words of the summary (FORMS 2.8)."""

from __future__ import annotations

from datetime import date

from service.domain.codes import DecisionCode
from service.domain.journal import Student
from service.domain.wording import dates
from service.domain.wording.text import NBSP, plain
from service.domain.wording.words import by_sex

_TEXTS = {
    DecisionCode.PROMOTED: "переведен(а) в {grade} класс",
    DecisionCode.PROMOTED_CONDITIONALLY: "переведен(а) в {grade} класс условно",
    DecisionCode.REPEATS: "оставлен(а) на повторное обучение",
    DecisionCode.ADMITTED_TO_EXAMS: "допущен(а) к государственной итоговой аттестации",
    DecisionCode.GRADUATED_9: (
        "окончил(а) 9 классов, выдан аттестат об основном общем образовании"
    ),
    DecisionCode.GRADUATED_11: (
        "окончил(а) 11 классов, выдан аттестат о среднем общем образовании"
    ),
    DecisionCode.LEFT: "выбыл(а)",
}


def text(student: Student, grade: int) -> str:
    """Return «переведена в 9 класс, протокол от 29.05.2027 № 8», or nothing while undecided.

    `grade` is the class the pupil is in: who is promoted to an unnamed class goes to the next one.
    """
    decision = student.decision
    if decision is None:
        return ""
    said = _TEXTS[decision.code].format(grade=decision.to_grade or grade + 1)
    return ", ".join(
        (
            by_sex(said, student.sex),
            *_paper("протокол", decision.protocol_date, decision.protocol_no),
            *_paper("приказ", decision.order_date, decision.order_no),
        )
    )


def _paper(name: str, day: date | None, number: str) -> tuple[str, ...]:
    known = [f"от {dates.day(day)}"] if day else []
    if plain(number):
        known.append(f"№{NBSP}{plain(number)}")
    return (" ".join((name, *known)),) if known else ()
