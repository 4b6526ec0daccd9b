"""The vocabulary of a cell (FORMS 2.2) and the legend that explains it (FORMS 3.5)."""

from __future__ import annotations

import json

import pytest

from service.domain.journal import CellEntry
from service.domain.reckoning import cells
from service.domain.snapshot import Glyphs

USUAL = Glyphs()
NBSP = "\u00a0"


def entry(*marks: str, **said: object) -> CellEntry:
    found = {"student": "s1", "marks": [{"v": v} for v in marks], **said}
    return CellEntry.model_validate_json(json.dumps(found))


@pytest.mark.parametrize(
    ("found", "printed"),
    [
        (entry("5"), "5"),
        (entry("1"), "1"),
        (entry("PASS"), "зч"),
        (entry("FAIL"), "нз"),
        (entry("NA"), "н/а"),
        (entry("EXEMPT"), "осв"),
        (entry("5", "4"), "5/4"),
        (entry(att="ABSENT"), "Н"),
        (entry(att="ABSENT_ILL"), "Б"),
        (entry(att="ABSENT_VALID"), "УП"),
        (entry(att="ABSENT_INVALID"), "НП"),
        (entry(att="LATE"), "ОП"),
        (entry("4", att="ABSENT"), f"Н{NBSP}4"),
        (entry("5", "4", att="LATE"), f"ОП{NBSP}5/4"),
        (entry(att="ABSENT", missed=2), f"Н{NBSP}Н"),
        (entry("4", att="ABSENT", missed=2), f"Н{NBSP}Н{NBSP}4"),
        (entry(debt=True), ""),
        (entry("4", debt=True), "4"),
        (entry(), ""),
        (entry("4", raw="4?"), "4?"),
        (entry(raw="н50 •"), "н50"),
    ],
)
def test_a_cell_prints(found, printed):
    assert cells.printed(found, USUAL) == printed


def test_the_source_speaks_with_its_own_letters():
    glyphs = Glyphs(ABSENT_ILL="бол", LATE="О")
    assert cells.printed(entry(att="ABSENT_ILL"), glyphs) == "бол"
    assert f"бол{NBSP}— отсутствовал по болезни; " in cells.legend(glyphs, "FIVE")
    assert f"; О{NBSP}— опоздание; " in cells.legend(glyphs, "FIVE")


def test_letters_nobody_would_see_are_replaced_by_the_usual_ones():
    assert cells.printed(entry(att="ABSENT"), Glyphs(ABSENT="\u200b")) == "Н"


def test_the_legend_says_it_all():
    assert cells.legend(USUAL, "FIVE") == (
        "5, 4, 3, 2, 1 — отметки; н/а — не аттестован; осв — освобождён; зч — зачёт; "
        "нз — незачёт; Н — отсутствовал; Б — отсутствовал по болезни; "
        "УП — отсутствовал по уважительной причине; НП — отсутствовал без уважительной причины; "
        "ОП — опоздание; 5/4 — две отметки за один урок; "
        "затенённая ячейка — обучающийся не числился в классе."
    ).replace(" —", f"{NBSP}—")


def test_without_marks_the_legend_explains_absences_only():
    legend = cells.legend(USUAL, "NONE")
    assert legend.startswith(f"Н{NBSP}— отсутствовал; ")
    assert "отметк" not in legend


def test_one_glyph_with_two_meanings_stands_once():
    legend = cells.legend(Glyphs(ABSENT="Н", ABSENT_INVALID="Н"), "FIVE")
    both = "отсутствовал или отсутствовал без уважительной причины"
    assert f"; Н{NBSP}— {both}; Б{NBSP}— " in legend


def test_late_is_no_absence():
    late, absent = entry(att="LATE").att, entry(att="ABSENT").att
    assert not cells.is_absence(late)
    assert not cells.is_absence(None)
    assert cells.is_absence(absent)
