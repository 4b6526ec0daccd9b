"""Class 8А: the golden class of FORMS 2.9 over a year, with all that can happen to a pupil."""

from datetime import date

from makers import make_snapshot

from service.domain.codes import DecisionCode, MarkKind
from service.domain.journal import ConductMark, Decision, Enrolment, Exemption, Movement, Order
from service.domain.snapshot import Snapshot

FIRST_DAY = date(2026, 9, 1)
SUBJECTS = ("Русский язык", "Литература", "Алгебра", "Физическая культура", "Музыка")
QUARTER = {
    "Алексеева Дарья Игоревна": "5 5 5 5 5",
    "Борисов Егор Павлович": "5 5 4 5 5",
    "Васильев Артём": "4 4 5 5 осв",
    "Громова Алиса Олеговна": "4 3 4 5 5",
    "Дмитриев Марк Ильич": "3 3 3 4 5",
    "Ёлкин Тимофей Андреевич": "3 2 3 4 4",
    "Жуков Лев Романович": "н/а- н/а+ 3 осв 4",
    "Зайцева Ева Денисовна": "3 3 2 2 4",
}
ENGLISH = {"Алексеева Дарья Игоревна": "1", "Борисов Егор Павлович": "2"}
LEFT, CAME = "Ильин Фёдор Олегович", "Козлова Вера Юрьевна"
PROTOCOL = {"protocol_no": "8", "protocol_date": date(2027, 5, 29)}


def _all_year(value: str) -> str:
    settled = value.replace("н/а+", "3").replace("н/а-", "3")
    return f"q1={value} q2={settled} q3={settled} q4={settled} YEAR={settled}"


def _marks() -> dict[str, dict[str, str]]:
    marks = {
        name: dict(zip(SUBJECTS, map(_all_year, row.split()), strict=True))
        for name, row in QUARTER.items()
    }
    for name in ENGLISH:
        marks[name]["Английский язык"] = _all_year("5")
    marks[LEFT] = dict.fromkeys(SUBJECTS, "q1=4")
    marks[CAME] = dict.fromkeys(SUBJECTS, "q1=5* q2=4 q3=4 q4=4 YEAR=4")
    return marks


def make_class_8a() -> Snapshot:
    """Return the class at the end of the year, closed and complete."""
    promoted = Decision(code=DecisionCode.PROMOTED, to_grade=9, **PROTOCOL)
    order = {"order_no": "45-У", "order_date": date(2026, 12, 11)}
    pupils = {name: {"decision": promoted} for name in QUARTER}
    pupils["Алексеева Дарья Игоревна"]["sex"] = "F"
    pupils["Борисов Егор Павлович"] |= {
        "sex": "M",
        "home_schooling": Order(order_no="12", order_date=date(2026, 9, 1)),
    }
    pupils["Васильев Артём"]["exemptions"] = (
        Exemption(subject="su5", from_=FIRST_DAY, basis="справка"),
    )
    pupils["Зайцева Ева Денисовна"] = {
        "sex": "F",
        "decision": Decision(code=DecisionCode.PROMOTED_CONDITIONALLY, to_grade=9, **PROTOCOL),
    }
    pupils[LEFT] = {
        "sex": "M",
        "enrolments": (Enrolment(from_=FIRST_DAY, to=date(2026, 12, 12)),),
        "decision": Decision(code=DecisionCode.LEFT, **order),
    }
    pupils[CAME] = {
        "enrolments": (Enrolment(from_=date(2026, 11, 10)),),
        "decision": promoted,
    }
    return make_snapshot(
        _marks(),
        pupils=pupils,
        subgroups={"Английский язык": ENGLISH},
        lessons={
            "Алгебра": {
                "2026-09-02": {"Ёлкин Тимофей Андреевич": "3", "Жуков Лев Романович": "Б"},
                "2026-09-04": {"Ёлкин Тимофей Андреевич": "Н", "Жуков Лев Романович": "Б"},
                "2026-11-11": {CAME: "ОП", "Зайцева Ева Денисовна": "НП"},
                "2027-01-12": {"Громова Алиса Олеговна": "УП"},
            },
            "Английский язык (1 группа)": {"2026-09-03": {"Алексеева Дарья Игоревна": "5"}},
        },
        movements=(
            Movement(student="s9", type="LEAVE", scope="SCHOOL", date=date(2026, 12, 12), **order),
            Movement(
                student="s10", type="ARRIVE", scope="SCHOOL", date=date(2026, 11, 10),
                order_no="40-У", counterpart="МАОУ СОШ № 5",
            ),
        ),
        conduct=(
            ConductMark(student="s1", kind=MarkKind.YEAR, v="образцовое"),
            ConductMark(student="s6", kind=MarkKind.TERM, term="q1", v="PASS"),
        ),
    )  # fmt: skip
