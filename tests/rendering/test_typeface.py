"""Lines put together of pairs of letters are the lines the font's own shaping gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from service.rendering.typeface import FILES, Face, wrap

FONTS = Path(__file__).parents[2] / "fonts"
LETTERS = (
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяAFLTVWYaflitvwy0123456789"
    ".,;:-–—«»()№§\"'/%+=<>&ҒғҚқҢңӨөҮүҺһӘәЎўӐӑҪҫ\u00a0\u0301"
)
TEXTS = (
    "Контрольная работа № 2. Квадратные уравнения; «туда» и «обратно»",
    "Тема урока:  два пробела, Ӑшпай Уҫӑп, Гусев-Ҕаҕарин",
    "efficient office fi fl ffi, AVATAR Wave",
    "за\u0301мок и замо\u0301к, \u0301 и  пробел \u0301в конце ",
    " ",
    "",
)


@pytest.mark.parametrize("name", FILES.values())
def test_a_line_of_pairs_is_the_line_shaped_as_a_whole(name: str) -> None:
    face = Face(name, FONTS / f"{name}.ttf")
    random = Random(7)
    made = ["".join(random.choices(LETTERS + " " * 20, k=40)) for _ in range(300)]
    for text in (*TEXTS, *made):
        parts = face.shaped(text)
        whole = face._shape(text)
        assert b"".join(part.array for part in parts).replace(b"><", b"") == whole.array, text
        assert sum(part.width for part in parts) == face.measure(text) == whole.width
        assert {pair for part in parts for pair in part.glyphs.items()} == set(whole.glyphs.items())


def test_lines_are_broken_where_they_are_full() -> None:
    face = Face("PTSans-Regular", FONTS / "PTSans-Regular.ttf")
    lines = wrap(face, "раз два три\nчетыре Константинопольский-Задунайский", 9, 60)
    assert "".join(lines) == "раз два тричетыреКонстантинопольский-Задунайский"
    assert all(face.width(line, 9) <= 60 for line in lines)
    assert lines[:2] == ("раз два три", "четыре")
