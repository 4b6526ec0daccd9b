"""Numerals and nouns against the golden vectors."""

import json
from pathlib import Path

import pytest

from service.domain.wording import words

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))
NOUNS = {
    noun.one: noun
    for noun in (
        words.SHEET,
        words.PAGE,
        words.Noun("дело", "дела", "дел", words.Gender.NEUTER),
        words.DOCUMENT,
        words.YEAR,
        words.VOLUME,
    )
}


@pytest.mark.parametrize("one", GOLDEN["numbers_in_words"])
def test_every_golden_number_in_words(one):
    golden = GOLDEN["numbers_in_words"][one]
    assert {n: words.counted(int(n), NOUNS[one]) for n in golden} == golden


def test_prepositional_of_the_cover():
    golden = GOLDEN["prepositional_sheet"]
    assert {n: words.on_sheets(int(n)).split(" ")[-1] for n in golden} == golden
    assert words.on_sheets(58) == "На 58 листах"


def test_figures_then_words():
    assert words.figures_and_words(82, words.SHEET) == "82 (восемьдесят два) листа"
    assert words.figures_and_words(1034, words.SHEET) == (
        "1\u00a0034 (одна тысяча тридцать четыре) листа"
    )
    assert words.in_words(163, words.PAGE) == "сто шестьдесят три"


@pytest.mark.parametrize("n", [-1, 10**12])
def test_numbers_without_words_are_refused(n):
    with pytest.raises(ValueError, match=str(n)):
        words.in_words(n, words.SHEET)


def test_gender_forms():
    assert words.by_sex("переведен(а)", "F") == "переведена"
    assert words.by_sex("выбыл(а)", "M") == "выбыл"
    assert words.by_sex("выбыл(а)", None) == "выбыл(а)"
