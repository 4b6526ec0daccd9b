"""The mark: what it says, and that it stays inside its box."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pyhanko.pdf_utils.writer import PdfFileWriter

from signing.authority import Authority, Person, organisation
from signing.certificates import serial
from signing.errors import MarkTooLarge
from signing.lettering import Typeface
from signing.session import prepare
from signing.stamp import HEAD, MM, READABLE, SEAL_LINE, TEST_LINE, Fact, Stamp, offset

LONG = Person(
    "long",
    "Загребельная-Константинопольская",
    "Александра-Виктория Святославовна Мамед-Гусейн оглы",
    "Муниципальное бюджетное общеобразовательное учреждение",
)
ENDLESS = Person("endless", "Свято" * 12, "Слав " * 12, "Школа")
SCHOOL = organisation(
    "seal",
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа "
    "№ 18 с углублённым изучением отдельных предметов имени Героя Советского Союза»",
)
ATTORNEY = "3f2a9c1e-8b4d-4e6f-9a1b-2c3d4e5f6a7b"
LEFT, BOTTOM, WIDE, HIGH = 60.0, 500.0, 75 * MM, 28 * MM


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


@pytest.fixture(scope="module")
def made(tmp_path_factory, now):
    """`made(label)`: certificates whose owners have long names."""
    folder = tmp_path_factory.mktemp("long")
    return Authority.create(folder, [LONG, ENDLESS, SCHOOL], around=now).certificate


def stays_inside_and_apart(words):
    """Nothing is clipped by the frame and no word lies on another."""
    top = 842 - BOTTOM - HIGH
    for box, word in words:
        assert LEFT < box[0] < box[2] < LEFT + WIDE, word
        assert top < box[1] < box[3] < top + HIGH + 1, word
    for at, (one, first) in enumerate(words):
        for other, second in words[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            # poppler's boxes reach from ascender to descender, a little into the next line
            assert apart or abs(one[1] - other[1]) > (one[3] - one[1]) * 0.7, (first, second)


def height_of_a_line(words):
    return min(box[3] - box[1] for box, _ in words)


def test_everything_at_once_stays_inside_and_can_be_read(stamp, marked, made, now):
    certificate = made("long")
    assert len(LONG.full_name) > 80
    full = replace(stamp, signed_at=now, attorney=ATTORNEY, test=True)
    words = marked(full, certificate)
    stays_inside_and_apart(words)
    text = " ".join(word for _, word in words).replace("- ", "-")
    number = serial(certificate)
    for requisite in (*HEAD, TEST_LINE, number[:24], number[24:], LONG.full_name, ATTORNEY):
        assert requisite in text
    for label in ("Сертификат:", "Владелец:", "Действителен:", "Подписано:", "(МЧД):"):
        assert label in text
    # PT Sans is 1.294 of its size high from ascender to descender
    assert height_of_a_line(words) > READABLE * 1.29


def test_a_seal_names_the_organisation_and_no_person(stamp, marked, made):
    words = marked(replace(stamp, seal=True), made("seal"))
    stays_inside_and_apart(words)
    text = " ".join(word for _, word in words)
    assert text.startswith(f"{SEAL_LINE} {' '.join(HEAD)} {TEST_LINE} Сертификат: ")
    assert f"Организация: {SCHOOL.organisation} Действителен: с " in text
    assert "Владелец" not in text


def test_a_power_of_attorney_is_one_line_or_breaks_at_a_hyphen(desk, stamp, marked):
    words = marked(replace(stamp, attorney=ATTORNEY), desk.key("deputy").certificate)
    text = " ".join(word for _, word in words)
    assert text.endswith(f"Доверенность (МЧД): {ATTORNEY}")


def test_only_a_name_without_end_is_cut_and_says_so(stamp, marked, made, now):
    certificate = made("endless")
    low = replace(stamp, signed_at=now, attorney=ATTORNEY)
    words = marked(low, certificate)
    assert not any(word.endswith("…") for _, word in words)
    longer = replace(ENDLESS, surname="Свято" * 60)
    facts = low.facts(certificate)
    cut = replace(facts[1], lines=(longer.full_name,))
    with_more = _Talkative(**vars(low), said=(facts[0], cut, *facts[2:]))
    words = marked(with_more, certificate)
    stays_inside_and_apart(words)
    text = " ".join(word for _, word in words)
    assert sum(word.endswith("…") for _, word in words) == 1
    assert f"{serial(certificate)[:24]} {serial(certificate)[24:]} Владелец: Свято" in text
    assert text.endswith(f"Доверенность (МЧД): {ATTORNEY}")
    assert height_of_a_line(words) > READABLE * 1.29


@dataclass(frozen=True)
class _Talkative(Stamp):
    """A mark that says what no certificate of these tests may hold."""

    said: tuple[Fact, ...] = ()

    def facts(self, _):
        return self.said


@pytest.mark.parametrize(("width", "height"), [(75 * MM, 8 * MM), (20 * MM, 28 * MM), (1, 1)])
def test_a_field_too_small_is_refused_instead_of_losing_a_line(desk, stamp, width, height):
    writer = PdfFileWriter()
    with pytest.raises(MarkTooLarge, match=r"Нужно поле 75 × 28 мм"):
        stamp.draw(writer, desk.key("deputy").certificate, width, height)


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
