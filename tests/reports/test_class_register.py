"""The parts of the class register around its subject pages."""

from __future__ import annotations

from journals import (
    ANNA,
    AUTUMN,
    BOOK,
    IVAN,
    NBSP,
    cell,
    group,
    lesson,
    only,
    pupil,
    rows,
    section,
    sections,
    snapshot,
)

from service.documents.parts import (
    Contents,
    Facts,
    Heading,
    Orientation,
    Paragraph,
    Signature,
    Signatures,
    Start,
    Table,
    TitlePage,
)
from service.domain.approving.approval import Role


def test_the_parts_stand_in_the_order_they_are_bound():
    remarks = [{"date": "2026-10-01", "text": "Заполнить темы", "author": "Зимина З.З."}]
    found = snapshot([IVAN], [group("Алгебра", AUTUMN)], remarks=remarks)
    parts = [(part.title, part.start) for part in sections(found) if part.counted]
    grades = ("Сводная ведомость учета успеваемости обучающихся", Start.ODD)
    assert [part for part in parts if part != grades] == [
        ("", Start.ODD),
        ("", Start.NEXT),
        ("Условные обозначения. Список обучающихся", Start.ODD),
        ("Алгебра", Start.EVEN),
        ("Сводная ведомость учета посещаемости", Start.ODD),
        ("Сводная ведомость учета движения обучающихся", Start.ODD),
        ("Замечания по ведению журнала", Start.ODD),
        ("Заверительная надпись", Start.ODD),
    ]
    last = sections(found)[-1]
    assert not last.counted
    assert isinstance(sections(found)[1].body[0], Contents)


def test_the_title_page_says_whose_journal_it_is():
    (page,) = sections(snapshot([IVAN, ANNA], [group("Алгебра", AUTUMN)]))[0].body
    assert isinstance(page, TitlePage)
    assert page.above == (
        "Управление образования",
        "МБОУ «Средняя общеобразовательная школа № 18»",
    )
    assert page.lines == ("8А класса", "на 2026/2027 учебный год")
    assert page.facts == (
        ("Классный руководитель:", "Иванова Ирина Ильинична"),
        (
            "Источник:",
            "ГИС СО «Единое цифровое пространство», снимок от 15.06.2027 10:32 (UTC+5)",
        ),
        ("Период данных:", "с 01.09.2026 по 26.05.2027"),
        ("Учебные периоды:", "четверти"),
        ("Обучающихся на начало года / на конец года:", "2 / 2"),
    )
    assert page.count(BOOK) == (
        "Всего листов: 82 (восемьдесят два), страниц: 163 (сто шестьдесят три)"
    )
    assert page.copy == f"Экземпляр №{NBSP}1"


def test_the_subject_pages_name_their_chapter_and_teacher():
    groups = [
        group("Английский язык (1 группа)", AUTUMN, subject="eng"),
        group("Алгебра", AUTUMN),
    ]
    pages = [s for s in sections(snapshot([IVAN], groups)) if s.start is Start.EVEN]
    assert [(s.title, s.note, s.subject) for s in pages] == [
        ("Алгебра", f"Петров{NBSP}П.П.", "alg"),
        ("Английский язык (1 группа)", f"Петров{NBSP}П.П.", "eng"),
    ]
    assert {s.chapter(2) for s in pages} == {"Предметные страницы (2 предмета)"}


def test_the_attendance_summary_counts_terms_and_the_year():
    left = pupil("anna", "Яковлева Анна", enrolments=[{"from": "2026-09-01", "to": "2026-10-20"}])
    lessons = [
        lesson(1, "2026-09-02", cells=[cell("ivan", att="ABSENT_ILL")]),
        lesson(2, "2026-10-20", cells=[cell("anna", att="ABSENT"), cell("ivan", att="LATE")]),
        lesson(3, "2026-11-05", "q2", cells=[cell("ivan", att="ABSENT_INVALID")]),
    ]
    found = snapshot([IVAN, left], [group("Алгебра", lessons)])
    part = section(found, "Сводная ведомость учета посещаемости")
    assert part.orientation is Orientation.LANDSCAPE
    (table,) = only(part, Table)
    year = ["2", "1", "2", "1", "0", "1"]
    ivan, anna, total, percent = rows(table)
    assert ivan == ["1", "Иванов Иван Иванович", *"111100", *"101001", *year, "1"]
    assert anna == ["2", "Яковлева Анна", *"101000", *[""] * 6, *"101000", "0"]
    assert total == ["Всего по классу", *"212100", *"101001", *"313101", "1"]
    assert percent == [
        "% посещаемости",
        f"50,00{NBSP}%",
        f"0,00{NBSP}%",
        f"40,00{NBSP}%",
        "",
    ]
    (footnote,) = only(part, Paragraph)
    assert footnote.text == (
        "Причина не указана (Н): уроков за год — 1; они вошли только в графу «всего»."
    )


def test_the_movement_summary_tells_heads_and_events():
    came = pupil("anna", "Яковлева Анна", sex="F", enrolments=[{"from": "2026-11-10"}])
    ivan = pupil("ivan", "Иванов Иван", sex="M")
    arrival = {
        "student": "anna",
        "type": "ARRIVE",
        "scope": "SCHOOL",
        "date": "2026-11-10",
        "order_no": "45",
        "order_date": "2026-11-09",
        "counterpart": "МАОУ СОШ № 5",
    }
    found = snapshot([ivan, came], [group("Алгебра", AUTUMN)], movements=[arrival])
    part = section(found, "Сводная ведомость учета движения обучающихся")
    counts, events = only(part, Table)
    assert [*rows(counts)] == [
        ["I четверть", *"110", *"000", *"000", *"110"],
        ["II четверть", *"110", *"101", *"000", *"211"],
        ["За год", *"110", *"101", *"000", *"211"],
    ]
    assert [*rows(events)] == [
        ["1", "Яковлева Анна", "прибыла", "10.11.2026", "МАОУ СОШ № 5", f"09.11.2026 №{NBSP}45"]
    ]
    (listed,) = only(section(found, "Условные обозначения. Список обучающихся"), Table)
    assert [*rows(listed)][1] == ["2", "Яковлева Анна", f"прибыла 10.11.2026, приказ №{NBSP}45"]


def test_without_movements_the_list_says_so():
    part = section(
        snapshot([IVAN], [group("Алгебра", AUTUMN)]), "Сводная ведомость учета движения обучающихся"
    )
    assert part.body[-1].text == "Прибывших и выбывших нет."


def test_remarks_are_printed_if_there_are_any():
    remarks = [
        {"date": "2026-10-01", "text": "Заполнить темы", "author": "Зимина З.З.", "done": "да"}
    ]
    found = snapshot([IVAN], [group("Алгебра", AUTUMN)], remarks=remarks)
    (table,) = only(section(found, "Замечания по ведению журнала"), Table)
    assert [*rows(table)] == [["01.10.2026", "Заполнить темы (Зимина З.З.)", "да"]]


def test_deputy_and_director_sign_in_boxes_the_secretary_on_a_line():
    found = snapshot([IVAN], [group("Алгебра", AUTUMN)])
    part = section(found, "Заверительная надпись")
    route, count = only(part, Signatures)
    deputy, director = f"З.З.{NBSP}Зимина", f"О.О.{NBSP}Орлов"
    assert route.lines == (
        Signature(
            "Заместитель директора по УВР",
            deputy,
            Role.DEPUTY,
            "Проверено. Соответствует данным электронного журнала.",
        ),
        Signature("Директор", director, Role.DIRECTOR, "Правильность переноса данных заверяю."),
        Signature("Секретарь", f"Б.Б.{NBSP}Белова", preface="Принято на хранение."),
    )
    assert count.lines == (Signature("Директор", director, seal=True),)
    (inscription,) = only(part, Paragraph)
    assert inscription.text(BOOK) == (
        "Прошито, пронумеровано и скреплено печатью\n82 (восемьдесят два) листа"
    )


def test_the_seal_and_the_boxes_follow_the_options():
    found = snapshot([IVAN], [group("Алгебра", AUTUMN)])
    options = {"seal_block": False, "signing_route": (Role.DIRECTOR,)}
    route, count = only(section(found, "Заверительная надпись", **options), Signatures)
    assert [line.role for line in route.lines] == [None, Role.DIRECTOR, None]
    assert not count.lines[0].seal


def test_an_electronic_seal_has_a_box_where_the_rubber_one_is_put():
    found = snapshot([IVAN], [group("Алгебра", AUTUMN)])
    options = {"signing_route": (Role.DEPUTY, Role.SEAL, Role.DIRECTOR)}
    route, count = only(section(found, "Заверительная надпись", **options), Signatures)
    assert [line.role for line in route.lines] == [Role.DEPUTY, Role.DIRECTOR, None]
    assert [(line.post, line.role, line.seal) for line in count.lines] == [
        ("Директор", None, False),
        ("М.П.", Role.SEAL, False),
    ]


def test_the_last_sheet_counts_the_others():
    last = sections(snapshot([IVAN], [group("Алгебра", AUTUMN)]))[-1]
    assert only(last, Heading)[0].text == f"ЛИСТ-ЗАВЕРИТЕЛЬ ДЕЛА №{NBSP}05-12"
    said = [p.text if isinstance(p.text, str) else p.text(BOOK) for p in only(last, Paragraph)]
    assert said == [
        "В деле подшито и пронумеровано 82 (восемьдесят два) листа,",
        "(цифрами и прописью)",
        f"с №{NBSP}1 по №{NBSP}82, в том числе:",
    ]
    assert only(last, Facts)[0].items[0] == ("литерные номера листов", "нет")
    assert only(last, Table)[0].digits
