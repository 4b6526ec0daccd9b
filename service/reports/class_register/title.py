"""The title page and the table of contents of a register."""

from __future__ import annotations

from service.documents.parts import Contents, Section, Start, TitlePage
from service.domain.pagination import Totals
from service.domain.reckoning import periods
from service.domain.reckoning.headcount import at_end, at_start
from service.domain.retention import Retention
from service.domain.wording import dates, names, words
from service.domain.wording.text import NBSP, plain
from service.reports.class_register.reading import Reading


def title(reading: Reading) -> Section:
    """Return the title page; the book adds the parts with their pages."""
    school = reading.snapshot.school
    of_class = f"{names.class_title(reading.journal)} класса"
    unmarked = () if reading.graded else ("Безотметочное обучение",)
    page = TitlePage(
        above=tuple(filter(None, (plain(school.founder), plain(school.full_name)))),
        name="КЛАССНЫЙ ЖУРНАЛ",
        under="(печатная копия электронного журнала)",
        lines=(of_class, f"на {reading.year_title}", *unmarked),
        facts=_facts(reading),
        count=count,
        foot=(
            ("Индекс дела по номенклатуре:", plain(reading.options.case_index_register)),
            ("Срок хранения:", f"{Retention.FIVE_YEARS}{NBSP}лет"),
            ("Том", lambda totals: f"{totals.volume} из {totals.volumes}"),
        ),
        copy=f"Экземпляр №{NBSP}{reading.assignment.copy}",
    )
    return Section(body=(page,), start=Start.ODD, every_volume=True)


def contents() -> Section:
    """Return the table of contents; the book fills it."""
    columns = ("№ п/п", "Наименование", "Учитель", "Страницы")
    listed = Contents(heading="ОГЛАВЛЕНИЕ", columns=columns)
    return Section(body=(listed,), start=Start.NEXT, every_volume=True)


def count(totals: Totals) -> str:
    """Return «Всего листов: 82 (восемьдесят два), страниц: 163 (сто шестьдесят три)»."""
    sheets, pages = totals.count.sheets, totals.count.pages
    return (
        f"Всего листов: {words.figures(sheets)} ({words.in_words(sheets, words.SHEET)}), "
        f"страниц: {words.figures(pages)} ({words.in_words(pages, words.PAGE)})"
    )


def _facts(reading: Reading) -> tuple[tuple[str, str], ...]:
    snapshot, journal = reading.snapshot, reading.journal
    year, source = snapshot.year, snapshot.source
    taken = dates.moment(dates.local(source.exported_at, snapshot.school.timezone))
    tutor = names.full(reading.staff[journal.tutor]) if journal.tutor else "—"
    start, end = len(at_start(journal, year)), len(at_end(journal, year))
    return (
        ("Классный руководитель:", tutor),
        ("Источник:", f"{plain(source.title or source.system)}, снимок от {taken}"),
        (
            "Период данных:",
            f"с {dates.day(year.start)} по {dates.day(min(year.end, reading.seen_on))}",
        ),
        ("Учебные периоды:", periods.scheme_name(journal.term_scheme)),
        ("Обучающихся на начало года / на конец года:", f"{start} / {end}"),
    )
