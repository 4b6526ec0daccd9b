"""The mark: what it says, and that it stays inside its box."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from signing.authority import Authority, Person
from signing.certificates import serial
from signing.lettering import Typeface
from signing.session import prepare
from signing.stamp import offset

LONG = Person(
    "long",
    "Загребельная-Константинопольская",
    "Александра-Виктория Святославовна Мамед оглы",
    "Муниципальное бюджетное общеобразовательное учреждение",
)


@pytest.fixture
def marked(desk, blank, tmp_path):
    """Put a mark on the blank and return the words poppler reads in it, with their boxes."""

    def words(stamp, certificate, chain=()):
        prepared = prepare(blank, "deputy", certificate, chain, stamp=stamp, at=desk.now)
        file = tmp_path / "marked.pdf"
        file.write_bytes(prepared.pdf)
        said = subprocess.run(
            ["pdftotext", "-bbox", "-f", "3", file, "-"], capture_output=True, text=True, check=True
        ).stdout
        found = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.+?)<', said)
        boxes = [(tuple(map(float, box)), text) for *box, text in found]
        return [(box, text) for box, text in boxes if box[1] > 200]

    return words


def test_it_says_what_the_standard_asks_for(desk, stamp, marked):
    certificate = desk.key("deputy").certificate
    text = " ".join(word for _, word in marked(stamp, certificate))
    number = serial(certificate)
    since = (desk.now - timedelta(days=30)).astimezone(stamp.zone)
    until = (desk.now + timedelta(days=425)).astimezone(stamp.zone)
    assert text == (
        "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ ТЕСТОВАЯ ПОДПИСЬ "
        f"Сертификат: {number[:24]} {number[24:]} Владелец: Заварзина Ольга Сергеевна "
        f"Действителен: с {since:%d.%m.%Y} по {until:%d.%m.%Y}"
    )


def test_a_real_signature_is_not_called_a_test(desk, stamp, marked):
    words = marked(replace(stamp, test=False), desk.key("deputy").certificate)
    assert "ТЕСТОВАЯ" not in {word for _, word in words}


def test_a_known_time_is_printed_with_its_offset(desk, stamp, marked):
    signed = replace(stamp, signed_at=datetime(2027, 6, 30, 11, 41, 7, tzinfo=UTC))
    text = " ".join(word for _, word in marked(signed, desk.key("deputy").certificate))
    assert text.endswith("Подписано: 30.06.2027 16:41:07 (UTC+5)")


def test_dates_are_those_of_the_school(desk, stamp):
    certificate = desk.key("deputy").certificate
    days = {
        hours: replace(stamp, zone=timezone(timedelta(hours=hours))).facts(certificate)[2].lines[0]
        for hours in (-12, 12)
    }
    assert days[-12] != days[12]


@pytest.mark.parametrize(
    ("hours", "said"), [(5, "UTC+5"), (-3.5, "UTC-3:30"), (0, "UTC+0"), (12.75, "UTC+12:45")]
)
def test_an_offset_is_short(hours, said):
    assert offset(datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=hours)))) == said


def test_a_long_name_stays_inside_and_overlaps_nothing(stamp, marked, tmp_path, now):
    authority = Authority.create(tmp_path / "authority", [LONG], around=now)
    full = replace(stamp, signed_at=now)
    words = marked(full, authority.certificate("long"))
    assert "Загребельная-Константинопольская" in {word for _, word in words}
    left, top = 60, 842 - 500 - 79.4
    for box, word in words:
        assert left < box[0] < box[2] < left + 212.6, word
        assert top < box[1] < box[3] < top + 79.4 + 1, word
    for at, (one, first) in enumerate(words):
        for other, second in words[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            # poppler's boxes reach from ascender to descender, a little into the next line
            assert apart or abs(one[1] - other[1]) > (one[3] - one[1]) * 0.7, (first, second)


def test_letters_the_font_lacks_do_not_break_the_file(stamp, marked, tmp_path, now, verapdf):
    person = Person("other", "Ли 李", "Анна\u202e🙂", "Школа")
    authority = Authority.create(tmp_path / "authority", [person], around=now)
    text = " ".join(word for _, word in marked(stamp, authority.certificate("other")))
    assert "Владелец: Ли ? Анна??" in text
    # nothing is wrong but the signature, which is not there yet
    assert verapdf(tmp_path / "marked.pdf", "3u").clauses == {"6.4.3"}


def test_fonts_are_embedded_and_small(desk, blank, stamp, tmp_path):
    certificate = desk.key("deputy").certificate
    with_mark = prepare(blank, "deputy", certificate, (), stamp=stamp, at=desk.now)
    without = prepare(blank, "deputy", certificate, (), stamp=None, at=desk.now)
    assert len(with_mark.pdf) - len(without.pdf) < 15_000
    file = tmp_path / "marked.pdf"
    file.write_bytes(with_mark.pdf)
    said = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    ours = [line.split() for line in said.splitlines() if "+PTSans" in line and "Identity" in line]
    assert {tuple(row[-5:-2]) for row in ours} == {("yes", "yes", "yes")}


def test_a_font_of_other_units_is_refused(tmp_path):
    from fontTools.ttLib import TTFont

    fonts = Path(__file__).parents[2] / "fonts"
    font = TTFont(fonts / "PTSans-Regular.ttf")
    font["head"].unitsPerEm = 2048
    font.save(tmp_path / "other.ttf")
    with pytest.raises(ValueError, match="1000 units"):
        Typeface((tmp_path / "other.ttf").read_bytes())
