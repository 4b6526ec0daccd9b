"""A small book with every item a page may carry, made by hand, and where its origin is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.documents.parts import (
    Align,
    Block,
    Cell,
    Column,
    ColumnGroup,
    Content,
    Corners,
    Facts,
    Heading,
    LessonStep,
    Orientation,
    Paragraph,
    PeriodStep,
    Pupil,
    Section,
    Signature,
    Signatures,
    Size,
    Spreads,
    Style,
    Table,
    TitlePage,
    leaves,
)
from service.domain.approving.approval import Role
from service.domain.pagination import PageCount, Totals
from service.rendering.pages import (
    BlankNote,
    Book,
    ContentsLine,
    Entry,
    Item,
    MarksSlice,
    Page,
    TableSlice,
    TitleSheet,
    TopicsSlice,
)
from service.rendering.passport import Passport

NBSP = "\u00a0"
NAMES = """
Абрамова Анна, Белов Борис, Васильева Вера, Громов Глеб, Дмитриева Дарья, Егоров Егор,
Ёлкин Фёдор, Жукова Жанна, Зайцев Захар, Иванова-Преображенская Александра, Козлов Кирилл,
Лебедева Лариса, Морозов Максим, Николаева Нина, Орлов Олег, Павлова Полина, Романов Роман,
Семёнова София, Тарасов Тимофей, Ушакова Ульяна, Фролов Филипп, Харитонова Христина,
Цветков Цезарь, Чернова Чулпан, Шилов Шамиль, Щукина Эльвира, Яковлев Ярослав
"""
PUPILS = tuple(Pupil(str(n), name) for n, name in enumerate(map(str.strip, NAMES.split(",")), 1))
PLAIN = Section(())
TOPICS = (
    ("Повторение. Действия с многочленами",),
    (
        "Контрольная работа № 1. Квадратные уравнения и",
        "неравенства, их системы; графический способ",
    ),
    ("Теорема Виета & <обратная> теорема",),
)


def _step(lesson: int, month: str, day: int) -> LessonStep:
    marks = ("5", "", "4", "Н", "3", "", "5/4", "осв", "", "Н 4", "н/а", "", "2")
    cells = tuple(
        Cell("", style=Style.SHADED)
        if row == 4 and lesson < 8
        else Cell(marks[(row * 5 + lesson * 7) % len(marks)])
        for row in range(len(PUPILS))
    )
    return LessonStep(
        month=month,
        day=f"{day:02d}",
        corner="К" if lesson % 5 == 0 else "",
        cells=cells,
        number=str(lesson),
        date=f"{day:02d}.{'09' if month == 'сентябрь' else '10'}",
        topic=" ".join(TOPICS[lesson % 3]),
        homework="§ 1, № 12–14" if lesson % 2 else "",
    )


def _period(title: str, summary: str) -> PeriodStep:
    cells = tuple(Cell(str(3 + row % 3), style=Style.BOLD) for row in range(len(PUPILS)))
    return PeriodStep(title, cells, summary)


def _spread(subject: str) -> tuple[MarksSlice, TopicsSlice]:
    lessons = [_step(n, "сентябрь", 2 * n) for n in range(1, 9)]
    lessons += [_step(n, "октябрь", 2 * (n - 8)) for n in range(9, 17)]
    summary = f"Итоги I четверти: по плану 24{NBSP}ч., дано 24{NBSP}ч."
    steps = (*lessons, _period("I четверть", summary), _period("Экзаменационная", ""))
    spreads = Spreads(
        class_title="8А класс",
        subject=subject,
        year_title="2026/2027 учебный год",
        teachers="Петров Пётр Петрович; Иванова Мария Петровна (с 01.10.2026)",
        pupils=PUPILS,
        steps=steps,
    )
    entries = tuple(
        Entry(step, TOPICS[int(step.number) % 3], (step.homework,))
        if isinstance(step, LessonStep)
        else Entry(step, (step.summary,), ())
        for step in steps
        if isinstance(step, LessonStep) or step.summary
    )
    return MarksSlice(spreads, PUPILS, 0, steps, 20), TopicsSlice(spreads, entries, 48)


def _table(
    columns: tuple[Column | ColumnGroup, ...],
    blocks: tuple[Block, ...],
    *,
    row: float,
    head: float,
    dense: bool = False,
    digits: bool = False,
) -> TableSlice:
    return TableSlice(
        table=Table(columns, blocks, dense=dense, digits=digits),
        columns=columns,
        widths=tuple(column.width for column in leaves(columns)),
        blocks=blocks,
        heights=tuple((row,) * len(block.rows) for block in blocks),
        head_height=head,
    )


def _contents() -> TableSlice:
    columns = (
        Column("№ п/п", 10),
        Column("Наименование", 95, Align.LEFT),
        Column("Учитель", 50, Align.LEFT),
        Column("Страницы", 20),
    )
    rows = (("1", "Алгебра", f"Петров{NBSP}П.П.", "4–5"), ("2", "Английский язык", "", "6–7"))
    return _table(columns, tuple(Block((tuple(map(Cell, row)),)) for row in rows), row=6, head=9)


def _grades() -> TableSlice:
    """The summary of a year: five rows a pupil, subjects turned, leading cells over all five."""
    columns = (
        Column("№ п/п", 8),
        Column("Фамилия, имя, отчество", 55, Align.LEFT),
        Column("Период", 24, Align.LEFT),
        ColumnGroup(
            "Предметы",
            tuple(Column(f"Учебный предмет № {n}", 9, turned=True) for n in range(1, 18)),
        ),
        Column("Решение", 33, Align.LEFT),
    )
    periods = ("I четверть", "II четверть", "III четверть", "IV четверть", "Годовая")
    blocks = tuple(
        Block(
            tuple(
                (
                    Cell(pupil.number) if row == 0 else None,
                    Cell(f"{pupil.name} Николаевич") if row == 0 else None,
                    Cell(period),
                    *(Cell("" if n == 3 else "5", style=_look(n)) for n in range(17)),
                    Cell("Переведён в 9 класс") if row == 0 else None,
                )
                for row, period in enumerate(periods)
            )
        )
        for pupil in PUPILS[:4]
    )
    return _table(columns, blocks, row=5.1, head=40, dense=True)


def _look(column: int) -> Style:
    return {3: Style.STRUCK, 5: Style.SHADED, 7: Style.BOLD | Style.ITALIC}.get(column, Style.PLAIN)


def _attendance() -> TableSlice:
    columns = (
        Column("№ п/п", 8),
        Column("Фамилия, имя обучающегося", 47, Align.LEFT),
        ColumnGroup(
            "Пропущено",
            (
                Column("дней", 20),
                ColumnGroup("уроков", (Column("всего", 20), Column("по болезни", 20))),
            ),
        ),
        Column("Примечание", 60, Align.LEFT),
    )
    rows = tuple(
        Block(
            (
                (
                    Cell(p.number),
                    Cell(p.name),
                    Cell("3", corner="в"),
                    Cell("12"),
                    Cell("0"),
                    Cell(""),
                ),
            )
        )
        for p in PUPILS
    )
    total = Block(
        (
            (
                Cell("Итого", Align.RIGHT, Style.BOLD, across=2),
                None,
                Cell("81"),
                Cell("324"),
                Cell("0"),
                Cell(""),
            ),
        )
    )
    return _table(columns, (*rows, total), row=6, head=22, digits=True)


def _certification() -> tuple[Item, ...]:
    return (
        Heading("ЗАВЕРИТЕЛЬНАЯ НАДПИСЬ"),
        Paragraph("Прошито, пронумеровано и скреплено печатью", Align.CENTER),
        Paragraph(
            lambda totals: f"{totals.count.sheets} (пять) листов",
            Align.CENTER,
            Size.LARGE,
            Style.BOLD,
        ),
        Signatures(
            (
                Signature(
                    "Заместитель директора по УВР",
                    f"А.А.{NBSP}Смирнова",
                    Role.DEPUTY,
                    "Проверено. Соответствует данным электронного журнала.",
                ),
                Signature(
                    "Директор",
                    f"Б.Б.{NBSP}Кузнецов",
                    Role.DIRECTOR,
                    "Правильность переноса данных заверяю.",
                    seal=True,
                ),
                Signature("Секретарь", f"В.В.{NBSP}Попова", preface="Принято на хранение."),
            )
        ),
    )


def _title() -> TitleSheet:
    return TitleSheet(
        TitlePage(
            above=("Управление образования городского округа", "МБОУ «Школа № 7»"),
            name="КЛАССНЫЙ ЖУРНАЛ",
            under="(печатная копия электронного журнала)",
            lines=("8А класс", "на 2026/2027 учебный год"),
            facts=(
                ("Классный руководитель:", "Иванова Мария Петровна"),
                ("Источник:", "ЭЖ «Пример», снимок от 15.06.2027 10:32 (UTC+5)"),
                ("Обучающихся на начало года / на конец года:", "27 / 26"),
            ),
            count=lambda totals: (
                f"Всего листов: {totals.count.sheets}, страниц: {totals.count.pages}"
            ),
            foot=(("Индекс дела:", "05-12"), ("Срок хранения:", "5 лет"), ("Том", "1 из 1")),
            copy="Экземпляр № 1",
        ),
        (
            ContentsLine("1", "Условные обозначения. Список обучающихся", "", "3"),
            ContentsLine("2", "Предметные страницы", "(2 предмета)", "4"),
            ContentsLine("3", "Сводная ведомость учета успеваемости обучающихся", "", "9"),
            ContentsLine("4", "Заверительная надпись", "", "11"),
        ),
    )


def _legend() -> tuple[Item, ...]:
    return (
        Heading("УСЛОВНЫЕ ОБОЗНАЧЕНИЯ", "для страниц с отметками"),
        Facts((("Н", "отсутствовал"), ("осв", "освобождён"), ("5/4", "две отметки за один урок"))),
        Corners("8А класс", "СПИСОК ОБУЧАЮЩИХСЯ", "2026/2027"),
        Paragraph("Первая строка\nвторая <строка> & конец", size=Size.SMALL, style=Style.ITALIC),
    )


@pytest.fixture(scope="session")
def book() -> Book:
    """Eleven counted pages and two that are not: every item, both orientations, both sides."""
    algebra, english = _spread("Алгебра"), _spread("Английский язык (1 группа)")
    sides: tuple[tuple[tuple[Item, ...], Orientation], ...] = (
        ((_title(),), Orientation.PORTRAIT),
        ((Heading("ОГЛАВЛЕНИЕ"), _contents()), Orientation.PORTRAIT),
        (_legend(), Orientation.PORTRAIT),
        ((algebra[0],), Orientation.PORTRAIT),
        ((algebra[1],), Orientation.PORTRAIT),
        ((english[0],), Orientation.PORTRAIT),
        ((english[1],), Orientation.PORTRAIT),
        ((BlankNote(),), Orientation.PORTRAIT),
        ((Heading("СВОДНАЯ ВЕДОМОСТЬ", "8А класса"), _grades()), Orientation.LANDSCAPE),
        ((_grades(),), Orientation.LANDSCAPE),
        ((Heading("СВОДНАЯ ВЕДОМОСТЬ УЧЕТА ПОСЕЩАЕМОСТИ"), _attendance()), Orientation.PORTRAIT),
        ((BlankNote(),), Orientation.PORTRAIT),
        (_certification(), Orientation.PORTRAIT),
    )
    counted = 11
    pages = tuple(
        Page(items, PLAIN, number if number <= counted else 0, orientation)
        for number, (items, orientation) in enumerate(sides, 1)
    )
    outline = (
        ("Титульный лист", 0),
        ("Алгебра", 3),
        ("Английский язык (1 группа)", 5),
        ("Сводная", 8),
    )
    content = Content("Классный журнал 8А", (), binding=25, footer="документ 8a-2027", bound=True)
    return Book(content, pages, Totals(PageCount(counted)), outline)


@pytest.fixture(scope="session")
def passport() -> Passport:
    """An origin whose bytes try what XML finds hard."""
    return Passport(
        document="0190c5a2-7b1e-7c3d-9f00-5a4b3c2d1e0f",
        title="Классный журнал 8А & <2026/2027>",
        kind="class-register",
        issued_at=datetime(2027, 6, 15, 10, 32, tzinfo=timezone(timedelta(hours=5))).astimezone(
            UTC
        ),
        snapshot='{"name":"Ёлкин & <Ко> \\"№ 7\\"","note":"]]>"}'.encode(),
        assignment=b'{"kind":"class-register","version":1}',
    )
