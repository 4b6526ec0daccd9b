"""Text becomes XML once, and whatever it holds the XML stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from service.documents.parts import Style
from service.rendering.docx.fitting import FLOOR, fitted
from service.rendering.docx.text import NAMESPACE, escaped, printable, run
from service.rendering.typeface import Faces

FACES = Faces(Path(__file__).parents[2] / "fonts")
ANY = st.text(st.characters(codec=None, exclude_categories=()))


def parsed(xml: str):
    return etree.fromstring(f'<r xmlns:w="{NAMESPACE}">{xml}</r>')


@given(ANY)
def test_any_text_comes_back_without_what_xml_cannot_carry(text):
    back = parsed(f'<a b="{escaped(text)}">{escaped(text)}</a>')[0]
    assert (back.text or "") == printable(text)
    assert (back.text or "") == back.get("b")


def test_what_is_left_out():
    assert printable("а\x00\x07\n\x85\ud800\ufffe<&>ё") == "а <&>ё"


def test_a_line_feed_breaks_the_line():
    found = parsed(run("первая\nвторая", Style.BOLD))
    assert [one.tag.split("}")[1] for one in found[0]] == ["rPr", "t", "br", "t"]


@pytest.mark.parametrize(
    ("text", "width", "style"),
    [
        ("5", 5.6, Style.PLAIN),
        ("Н 4", 5.6, Style.PLAIN),
        ("УП 5/4", 5.6, Style.PLAIN),
        ("осв", 5.6, Style.BOLD),
        ("Экзаменационная", 18, Style.BOLD),
        ("Щукина-Преображенская Александра", 46, Style.PLAIN),
    ],
)
def test_a_line_is_made_to_fit_by_the_measure_of_the_real_font(text, width, style):
    made = parsed(fitted(text, 8.5, width, style))
    size = number(made, "sz", 17) / 2
    face = FACES["PTSans-Bold" if style else "PTSans-Regular"]
    assert size >= FLOOR
    assert face.width(text, size) * number(made, "w", 100) / 100 <= width * 72 / 25.4


def number(made, name: str, otherwise: int) -> int:
    found = made.find(f".//w:rPr/w:{name}", {"w": NAMESPACE})
    return otherwise if found is None else int(found.get(f"{{{NAMESPACE}}}val"))
