"""The subject pages of the class register: one edge case of FORMS 2.7 at a time."""

from __future__ import annotations

import pytest
from journals import (
    ANNA,
    AUTUMN,
    IVAN,
    NBSP,
    books,
    cell,
    greys,
    group,
    heads,
    lesson,
    only,
    pupil,
    row_of,
    rows,
    section,
    sections,
    snapshot,
    texts,
)

from service.documents.options import GlyphSet
from service.documents.parts import (
    Cell,
    LessonStep,
    PeriodStep,
    Style,
    Table,
)
from service.domain.snapshot import Snapshot


def test_a_term_column_stands_right_after_its_last_lesson():
    marks = [
        {"student": "ivan", "term": "q1", "kind": "TERM", "v": "5"},
        {"student": "ivan", "term": "q2", "kind": "TERM", "v": "4"},
        {"student": "ivan", "kind": "YEAR", "v": "5"},
    ]
    (book,) = books(snapshot([IVAN], [group("Алгебра", AUTUMN, term_marks=marks)]))
    assert heads(book) == ["02", "20", "I четверть", "05", "II четверть", "Годовая"]
    assert texts(book) == ["", "", "5", "", "4", "5"]
    assert [step.month for step in book.steps if isinstance(step, LessonStep)] == [
        "сентябрь",
        "октябрь",
        "ноябрь",
    ]


@pytest.mark.parametrize(
    ("grade", "kinds", "columns"),
    [
        (8, ["YEAR"], ["Годовая"]),
        (9, ["YEAR", "EXAM", "FINAL"], ["Годовая", "Экзаменационная", "Итоговая"]),
        (9, ["YEAR"], ["Годовая", "Экзаменационная", "Итоговая"]),
        (11, ["YEAR", "FINAL"], ["Годовая", "Итоговая"]),
        (11, ["YEAR", "EXAM", "FINAL"], ["Годовая", "Экзаменационная", "Итоговая"]),
    ],
)
def test_the_last_columns_depend_on_the_class(grade, kinds, columns):
    marks = [{"student": "ivan", "kind": kind, "v": "5"} for kind in kinds]
    found = snapshot([IVAN], [group("Алгебра", AUTUMN, term_marks=marks)], grade=grade)
    (book,) = books(found)
    assert heads(book)[5:] == columns


def test_a_year_that_goes_on_has_no_column_yet():
    (book,) = books(snapshot([IVAN], [group("Алгебра", AUTUMN)], closed=False))
    assert heads(book) == ["02", "20", "I четверть", "05", "II четверть"]


def test_half_year_marks_of_a_rare_subject_stand_after_the_quarter():
    marks = [{"student": "ivan", "term": "h1", "kind": "TERM", "v": "4"}]
    (book,) = books(snapshot([IVAN], [group("Алгебра", AUTUMN, term_marks=marks)]))
    assert heads(book)[4:6] == ["II четверть", "I полугодие"]
    assert texts(book)[4:6] == ["", "4"]


def test_right_pages_tell_the_work_the_substitution_and_the_sum_of_a_term():
    lessons = [
        lesson(1, "2026-09-02", kind="CONTROL", topic="Дроби"),
        lesson(2, "2026-09-03", kind="LAB", topic=""),
        lesson(3, "2026-09-04", kind="CONTROL", topic="Контрольная работа №2 по теме «Корни»"),
        lesson(
            4,
            "2026-09-05",
            kind="CONTROL",
            topic="Квадраты",
            substitute={"teacher": "t3"},
            homework="<b>§ 4</b>\n№ 5",
        ),
    ]
    plan = [{"n": n, "date": f"2026-09-{n:02}"} for n in range(1, 6)]
    (book,) = books(snapshot([IVAN], [group("Алгебра", lessons, ktp=plan)]))
    assert [step.topic for step in book.steps if isinstance(step, LessonStep)] == [
        f"Контрольная работа №{NBSP}1. Дроби",
        f"Лабораторная работа №{NBSP}1",
        "Контрольная работа №2 по теме «Корни»",
        f"Контрольная работа №{NBSP}3. Квадраты (замена: Сидорова{NBSP}А.А.)",
    ]
    assert [step.corner for step in book.steps[:4]] == ["К", "Л", "К", "К"]
    assert book.steps[3].homework == "§ 4; № 5"
    assert [step.summary for step in book.steps if isinstance(step, PeriodStep)] == [
        f"Итоги I четверти: по плану 5{NBSP}ч., дано 4{NBSP}ч. Учитель:{NBSP}Петров{NBSP}П.П.",
        f"Итоги года: по плану 5{NBSP}ч., дано 4{NBSP}ч. Учитель:{NBSP}Петров{NBSP}П.П.",
    ]


def test_class_1_has_neither_marks_nor_homework():
    entries = [cell("ivan", "5", att="ABSENT_ILL")]
    marks = [{"student": "ivan", "term": "q1", "kind": "TERM", "v": "5"}]
    groups = [group("Алгебра", [lesson(1, "2026-09-02", cells=entries)], term_marks=marks)]
    found = snapshot([IVAN], groups, grade=1)
    (book,) = books(found)
    assert (texts(book), [step.homework for step in book.steps]) == (["Б"], [""])
    assert sections(found)[0].body[0].lines == (
        "1А класса",
        "на 2026/2027 учебный год",
        "Безотметочное обучение",
    )
    legend = section(found, "Условные обозначения. Список обучающихся").body[1]
    assert "отметки" not in legend.text


def test_cells_speak_with_the_letters_of_the_source_or_the_usual_ones():
    entries = [cell("ivan", "4", att="ABSENT"), cell("anna", "5", "4")]
    found = snapshot([IVAN, ANNA], [group("Алгебра", [lesson(1, "2026-09-02", cells=entries)])])
    glyphs = found.source.glyphs.model_copy(update={"ABSENT": "ОТ"})
    source = found.source.model_copy(update={"glyphs": glyphs})
    found = found.model_copy(update={"source": source})
    assert [texts(books(found)[0], place)[0] for place in (0, 1)] == [f"ОТ{NBSP}4", "5/4"]
    assert texts(books(found, glyph_set=GlyphSet.DEFAULT)[0])[0] == f"Н{NBSP}4"


@pytest.mark.parametrize(
    ("stays", "grey"),
    [
        ([{"from": "2026-10-10"}], "#....."),  # E04
        ([{"from": "2026-09-01", "to": "2026-10-20"}], "..####"),  # E05
        (
            [{"from": "2026-09-01", "to": "2026-09-02"}, {"from": "2026-11-01"}],
            ".##...",
        ),  # E20
    ],
)
def test_cells_are_grey_while_a_pupil_is_not_in_the_class(stays, grey):
    moved = pupil("ivan", "Иванов Иван", enrolments=stays)
    found = snapshot([moved, ANNA], [group("Алгебра", AUTUMN)])
    (book,) = books(found)
    assert greys(book) == grey
    assert greys(book, 1) == "......"


def test_an_entry_nobody_understood_is_printed_as_it_is():
    lessons = [lesson(1, "2026-09-02", cells=[cell("ivan", raw="н50")])]
    found = snapshot([IVAN], [group("Алгебра", lessons)])
    assert texts(books(found)[0])[0] == "н50"
    legend = section(found, "Условные обозначения. Список обучающихся")
    assert "приведена как в электронном журнале" in legend.body[2].text


def test_what_the_journal_holds_about_somebody_gone_is_printed_on_grey():
    gone = pupil("ivan", "Иванов Иван", enrolments=[{"from": "2026-09-01", "to": "2026-09-02"}])
    entries = [cell("ivan", "5")]
    (book,) = books(snapshot([gone], [group("Алгебра", [lesson(1, "2026-09-03", cells=entries)])]))
    assert book.steps[0].cells[0] == Cell("5", style=Style.SHADED)


def test_marks_from_the_previous_school_are_slanted():
    came = pupil("ivan", "Иванов Иван", enrolments=[{"from": "2026-11-02"}])
    marks = [
        {"student": "ivan", "term": "q1", "kind": "TERM", "v": "3", "transferred": True},
    ]
    found = snapshot([came], [group("Алгебра", AUTUMN, term_marks=marks)])
    assert row_of(books(found)[0], 0)[2] == Cell("3", style=Style.ITALIC)
    legend = section(found, "Условные обозначения. Список обучающихся")
    assert "Курсивом" in legend.body[2].text


def test_an_exemption_for_the_whole_term_is_printed():
    exemption = {"subject": "alg", "from": "2026-09-01", "to": "2026-10-25"}
    exempt = pupil("ivan", "Иванов Иван", exemptions=[exemption])
    (book,) = books(snapshot([exempt], [group("Алгебра", AUTUMN)]))
    assert texts(book) == ["", "", "осв", "", "", ""]


def test_a_subgroup_lists_its_members_only():
    members = [{"student": "anna", "from": "2026-09-01"}]
    (book,) = books(snapshot([IVAN, ANNA], [group("Английский язык (1 группа)", AUTUMN, members)]))
    assert [(p.number, p.name) for p in book.pupils] == [("1", "Яковлева Анна")]


def test_who_changes_the_subgroup_is_grey_in_the_other():
    first = [{"student": "ivan", "from": "2026-09-01", "to": "2026-10-10"}]
    second = [{"student": "ivan", "from": "2026-10-11"}]
    groups = [group("Английский язык (1 группа)", AUTUMN, first)]
    groups.append(group("Английский язык (2 группа)", AUTUMN, second))
    assert [greys(book) for book in books(snapshot([IVAN], groups))] == [".#####", "#....."]


def test_home_schooling_shows_term_marks_only():
    home = pupil("ivan", "Иванов Иван", home_schooling={"order_no": "7"})
    lessons = [lesson(1, "2026-09-02", cells=[cell("ivan", "5")])]
    marks = [{"student": "ivan", "term": "q1", "kind": "TERM", "v": "4"}]
    found = snapshot([home], [group("Алгебра", lessons, term_marks=marks)])
    (book,) = books(found)
    assert texts(book) == ["", "4", ""]
    (listed,) = only(section(found, "Условные обозначения. Список обучающихся"), Table)
    assert [*rows(listed)] == [["1", "Иванов Иван", f"надомное обучение, приказ №{NBSP}7"]]


def test_teachers_stand_with_their_dates():
    taught = [
        {"id": "t2", "from": "2027-01-13"},
        {"id": "t1", "from": "2026-09-01", "to": "2027-01-12"},
    ]
    (book,) = books(snapshot([IVAN], [group("Алгебра", AUTUMN, teachers=taught)]))
    assert book.teachers == (f"Петров{NBSP}П.П. (по 12.01.2027), Иванова{NBSP}И.И. (с 13.01.2027)")
    (book,) = books(snapshot([IVAN], [group("Алгебра", AUTUMN)]))
    assert book.teachers == "Петров Пётр Петрович"


def test_two_lessons_a_day_are_two_columns():
    lessons = [lesson(2, "2026-09-14", slot=3), lesson(1, "2026-09-14", slot=2)]
    (book,) = books(snapshot([IVAN], [group("Алгебра", lessons)]))
    assert heads(book)[:2] == ["14", "14"]
    assert [step.number for step in book.steps[:2]] == ["1", "2"]


def test_a_subject_without_lessons_is_not_printed():
    found = snapshot([IVAN], [group("Алгебра", AUTUMN), group("Физика", [])])
    assert [book.subject for book in books(found)] == ["Алгебра"]


def test_namesakes_are_told_apart():
    other = pupil("other", "Иванов Иван Петрович")
    (book,) = books(snapshot([IVAN, other], [group("Алгебра", AUTUMN)]))
    assert [p.name for p in book.pupils] == ["Иванов Иван Иванович", "Иванов Иван Петрович"]


def test_forty_one_pupils_are_all_listed():
    many = [pupil(f"p{n:02}", f"Фамилия{n:02} Имя") for n in range(41)]
    entries = [cell("p40", "5")]
    found = snapshot(many, [group("Алгебра", [lesson(1, "2026-09-02", cells=entries)])])
    (book,) = books(found)
    assert len(book.pupils) == 41
    assert {len(step.cells) for step in book.steps} == {41}
    assert texts(book, 40)[0] == "5"


def test_the_same_assignment_gives_the_same_content():
    found = snapshot([IVAN, ANNA], [group("Алгебра", AUTUMN)])
    again = Snapshot.model_validate_json(found.model_dump_json(by_alias=True))
    assert books(found) == books(again)
