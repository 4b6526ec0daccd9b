"""What the council decided, in words."""

from datetime import date

import pytest

from service.domain.codes import DecisionCode
from service.domain.journal import Decision
from service.domain.reckoning import decisions

PROTOCOL = {"protocol_no": "8", "protocol_date": date(2027, 5, 29)}


def decided(school, sex=None, **decision) -> str:
    pupil = {"sex": sex, "decision": Decision(**decision) if decision else None}
    snapshot = school({"Ким Ян": {}}, pupils={"Ким Ян": pupil})
    return decisions.text(snapshot.classes[0].students[0], 8).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (DecisionCode.PROMOTED, "переведена в 9 класс"),
        (DecisionCode.PROMOTED_CONDITIONALLY, "переведена в 9 класс условно"),
        (DecisionCode.REPEATS, "оставлена на повторное обучение"),
        (DecisionCode.ADMITTED_TO_EXAMS, "допущена к государственной итоговой аттестации"),
        (
            DecisionCode.GRADUATED_9,
            "окончила 9 классов, выдан аттестат об основном общем образовании",
        ),
        (
            DecisionCode.GRADUATED_11,
            "окончила 11 классов, выдан аттестат о среднем общем образовании",
        ),
        (DecisionCode.LEFT, "выбыла"),
    ],
)
def test_every_decision_has_its_words(school, code, says):
    assert decided(school, "F", code=code) == says
    assert decided(school, "F", code=code, **PROTOCOL) == f"{says}, протокол от 29.05.2027 № 8"


def test_gender_grade_and_papers(school):
    promoted = {"code": DecisionCode.PROMOTED, "to_grade": 10}
    assert decided(school, "M", **promoted) == "переведен в 10 класс"
    assert decided(school, **promoted, order_no="7-У") == "переведен(а) в 10 класс, приказ № 7-У"
    both = decided(school, "M", **promoted, protocol_no="8", order_date=date(2027, 6, 1))
    assert both == "переведен в 10 класс, протокол № 8, приказ от 01.06.2027"
    assert decided(school) == ""
