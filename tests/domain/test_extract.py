"""An extract holds one class and what concerns it, and is the same bytes everywhere."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from service.domain.extract import ClassMissing, canonical, extract, snapshot_id
from service.domain.intake.judging import judge
from service.domain.intake.parsing import parse
from service.domain.intake.printable import all_printable, warnings
from service.domain.snapshot import Snapshot

SAMPLE = Path(__file__).with_name("section9.json")
BODY = SAMPLE.read_bytes()


def two_classes() -> Snapshot:
    document = json.loads(BODY)
    document["classes"].append(
        {"id": "c8b", "grade": 8, "letter": "Б", "term_scheme": "QUARTER", "students": []}
    )
    document["staff"].append({"id": "t8", "last": "Орлова"})
    document["subjects"] = [{"id": one, "title": one} for one in ("eng", "pe", "music")]
    document["logins"] = {"students": ["s1", "s77"], "teachers": ["t1", "t8"], "parents": ["p1"]}
    return parse(json.dumps(document).encode())


def test_one_class_and_what_concerns_it():
    part = extract(two_classes(), "c8a")
    assert [journal.id for journal in part.classes] == ["c8a"]
    assert [person.id for person in part.staff] == ["t1", "t5", "t7"]
    assert [subject.id for subject in part.subjects] == ["eng", "pe"]
    assert (part.logins.students, part.logins.teachers) == (("s1",), ("t1",))
    assert part.terms == two_classes().terms
    assert extract(part, "c8a") == part


def test_a_class_that_is_not_there():
    with pytest.raises(ClassMissing, match="c11z"):
        extract(two_classes(), "c11z")


def test_canonical_bytes_parse_back_to_the_same_value():
    part = extract(two_classes(), "c8a")
    body = canonical(part)
    assert parse(body) == part
    assert canonical(parse(body)) == body
    assert "Ёлкин".encode() in body


def test_canonical_bytes_do_not_depend_on_the_process():
    program = (
        "import sys, hashlib; from service.domain.intake.parsing import parse;"
        "from service.domain.extract import canonical, extract;"
        "body = open(sys.argv[1], 'rb').read();"
        "print(hashlib.sha256(canonical(extract(parse(body), 'c8a'))).hexdigest())"
    )

    def digest(seed: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", program, str(SAMPLE)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        return ran.stdout.strip()

    assert digest("1") == digest("2")


def test_the_id_is_of_the_bytes():
    assert snapshot_id("ab" * 32) == "ab" * 16


def test_what_would_not_print_is_told_with_its_place():
    document = json.loads(BODY)
    lesson = document["classes"][0]["groups"][0]["lessons"][0]
    lesson["topic"] = "Смайлик \N{GRINNING FACE}\N{GRINNING FACE} и \x07 звонок\nдва"
    document["pd_scope"] = ["NAMES"]
    asked: list[str] = []

    def printable(character: str) -> bool:
        asked.append(character)
        return ord(character) < 0x10000

    told = warnings(parse(json.dumps(document).encode()), printable)
    place = "/classes/0/groups/0/lessons/0/topic"
    assert [(one.pointer, one.code) for one in told] == [
        (place, "no-glyph"),
        (place, "control-character"),
    ]
    assert "U+1F600" in told[0].message
    assert len(asked) == len(set(asked))


def test_a_name_in_pieces_is_judged_as_it_is_printed():
    document = json.loads(BODY)
    document["classes"][0]["students"][0]["first"] = "Е\N{COMBINING DIAERESIS}гор"
    document["classes"][0]["letter"] = "Б\N{COMBINING DIAERESIS}"

    def printable(character: str) -> bool:
        return character != "\N{COMBINING DIAERESIS}"

    told = judge(BytesIO(json.dumps(document).encode()), printable).warnings
    assert [one.pointer for one in told] == ["/classes/0/letter"]  # and once


def test_warnings_stop_at_a_hundred():
    document = json.loads(BODY)
    line = document["classes"][0]["groups"][0]["ktp"][0]
    plan = [{**line, "n": n, "topic": "\x07"} for n in range(1, 300)]
    document["classes"][0]["groups"][0]["ktp"] = plan
    assert len(warnings(parse(json.dumps(document).encode()), lambda _: True)) == 100


@pytest.mark.parametrize("plainly", [True, False])
@pytest.mark.parametrize("text", ["Ёж — «½» 25 ₽", 'Он: "C:\\дом"', "a\tb\n", "/"])
def test_the_bytes_alone_clear_what_can_be_printed(text: str, plainly: bool) -> None:
    assert all_printable(json.dumps({"т": text}, ensure_ascii=not plainly).encode(), letters)


@pytest.mark.parametrize("plainly", [True, False])
@pytest.mark.parametrize("text", ["\x00", "\x07", "\b", "\f", "\x7f", "\x85", "\u2028", "日", "😀"])
def test_the_bytes_never_clear_what_cannot(text: str, plainly: bool) -> None:
    assert not all_printable(json.dumps({"т": text}, ensure_ascii=not plainly).encode(), letters)


def letters(character: str) -> bool:
    return character.isprintable() and ord(character) < 0x3000
