"""Every fault of a snapshot has a place in the document, a code that stays and Russian words."""

import gc
import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.domain.errors import Fault
from service.domain.intake.parsing import SnapshotInvalid, SnapshotMalformed, parse
from service.domain.intake.schema import SCHEMA_FILE, schema
from service.domain.snapshot import Snapshot

BODY = Path(__file__).with_name("section9.json").read_bytes()
LESSON = "/classes/0/groups/0/lessons/0"
GROUP = "/classes/0/groups/0"


def at(document: Any, pointer: str) -> Any:
    here = document
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        here = here[int(key)] if isinstance(here, list) else here[key]
    return here


def refused(change: Callable[[Any], object]) -> tuple[Fault, ...]:
    document = json.loads(BODY)
    change(document)
    with pytest.raises(SnapshotInvalid) as refusal:
        parse(json.dumps(document).encode())
    for fault in refusal.value.faults:
        at(document, fault.pointer)
    return refusal.value.faults


def setting(pointer: str, **fields: object) -> Callable[[Any], object]:
    return lambda document: at(document, pointer).update(fields)


def test_the_documented_sample_parses():
    snapshot = parse(BODY)
    (journal,) = snapshot.classes
    assert journal.students[1].enrolments[0].from_ == date(2026, 10, 10)
    assert journal.groups[0].lessons[0].cells[0].marks[0].v.value == "5"


def test_a_byte_order_mark_is_no_fault():
    assert parse(b"\xef\xbb\xbf" + BODY) == parse(BODY)


@pytest.mark.parametrize(
    ("change", "place", "code", "words"),
    [
        (lambda d: d.pop("terms"), "", "missing-key", "«terms»"),
        (lambda d: d.update({"a/b~c": 1}), "/a~1b~0c", "unknown-key", "«a/b~c»"),
        (setting(LESSON, kind="TEST"), f"{LESSON}/kind", "not-allowed", "LESSON, CONTROL, LAB"),
        (setting(LESSON, date="2026-02-30"), f"{LESSON}/date", "bad-date", "2027-05-26"),
        (setting(LESSON, date=17), f"{LESSON}/date", "wrong-type", "дата"),
        (setting(LESSON, entered_at="2026-09-02T10:00"), f"{LESSON}/entered_at",
         "no-offset", "UTC"),
        (setting(LESSON, entered_at="2026"), f"{LESSON}/entered_at", "bad-time", "Время"),
        (setting("/classes/0/students/0", last=" \N{ZERO WIDTH SPACE}\t"),
         "/classes/0/students/0/last", "blank", "впишите"),
        (setting("/staff/0", last="\N{NO-BREAK SPACE}"), "/staff/0/last", "blank", "впишите"),
        (setting(LESSON, n=1.5), f"{LESSON}/n", "wrong-type", "целое"),
        (setting(LESSON, n=0), f"{LESSON}/n", "out-of-range", "не меньше 1"),
        (setting(LESSON, topic=None), f"{LESSON}/topic", "wrong-type", "строка"),
        (setting(LESSON, topic="я" * 4001), f"{LESSON}/topic", "too-long", "4000"),
        (setting(LESSON, id="а б"), f"{LESSON}/id", "wrong-format", "латинские"),
        (setting(LESSON, id=""), f"{LESSON}/id", "too-short", "не меньше 1"),
        (setting(LESSON, cells={}), f"{LESSON}/cells", "wrong-type", "список"),
        (setting(LESSON, cells=[1]), f"{LESSON}/cells/0", "wrong-type", "Запись № 1"),
        (setting(GROUP, hours_per_week="x"), f"{GROUP}/hours_per_week", "bad-number", "4.33"),
        *(
            (setting(GROUP, hours_per_week=text), f"{GROUP}/hours_per_week", "bad-number", "4.33")
            for text in ("1_0", "\N{ARABIC-INDIC DIGIT THREE}", " 3 ", "NaN", "")
        ),
        (setting(GROUP, hours_per_week=True), f"{GROUP}/hours_per_week", "wrong-type", "4.33"),
        (setting("/year", label="\N{ARABIC-INDIC DIGIT TWO}026/2027"), "/year/label",
         "wrong-format", "2026/2027"),
        (setting("", terms=[]), "/terms", "too-few", "не меньше 1"),
        (setting("", pd_scope=["NAMES"] * 9), "/pd_scope", "too-many", "не больше 6"),
        (setting(f"{GROUP}/members/0", from_="2026-09-01"), f"{GROUP}/members/0/from_",
         "unknown-key", "from_"),
        (setting(f"{GROUP}/term_marks/0", v="6"), f"{GROUP}/term_marks/0/v",
         "not-allowed", "EXEMPT"),
        (setting(f"{GROUP}/term_marks/0", avg="4.33333"), f"{GROUP}/term_marks/0/avg",
         "too-precise", "4 знаков"),
    ],
)  # fmt: skip
def test_fault(change, place, code, words):
    (fault,) = refused(change)
    assert (fault.pointer, fault.code) == (place, code)
    assert words in fault.message


def test_values_are_not_repeated_in_messages():
    (fault,) = refused(setting("/classes/0/students/0", last="", first="Тимофей"))
    assert "Тимофей" not in fault.message
    (fault,) = refused(setting("/classes/0/students/0", sex="Ёлкин"))
    assert "Ёлкин" not in fault.message


@pytest.mark.parametrize("mark", [5, "5-", "н", "осв", "", None])
def test_a_mark_that_is_none_is_told_how_marks_are_written(mark):
    (fault,) = refused(setting(f"{LESSON}/cells/0", marks=[{"v": mark}]))
    assert (fault.pointer, fault.code) == (f"{LESSON}/cells/0/marks/0/v", "not-allowed")
    assert "строка в кавычках" in fault.message
    assert "пропуски пишут в «att»" in fault.message


def test_a_hundred_faults_are_shown_and_all_are_counted():
    document = json.loads(BODY)
    document["subjects"] = [{"id": "а б", "title": "Алгебра"}] * 150
    with pytest.raises(SnapshotInvalid, match="150, показаны первые 100") as refusal:
        parse(json.dumps(document).encode())
    assert (len(refusal.value.faults), refusal.value.total) == (100, 150)


def test_the_first_fault_of_each_long_list_is_told_before_those_behind_it():
    document = json.loads(BODY)
    group = at(document, LESSON.rpartition("/lessons")[0])
    lesson = group["lessons"][0]
    cell = {"student": "s1", "att": "?", "marks": [{"v": 5}, {"v": "5-"}]}
    group["lessons"] = [{**lesson, "date": "01.09.2026", "cells": [cell, {}, cell]}, lesson] * 20
    group["term_marks"] = [{"student": "s1", "kind": "TERM", "v": "5"}, {"v": "6"}]
    with pytest.raises(SnapshotInvalid, match="163, показаны первые 100") as refusal:
        parse(json.dumps(document).encode())
    lists = LESSON.rpartition("/")[0]
    assert [fault.pointer for fault in refusal.value.faults[:10]] == [
        f"{lists}/0/date",
        f"{lists}/0/cells/0/marks/0/v",
        f"{lists}/0/cells/0/marks/1/v",
        f"{lists}/0/cells/0/att",
        f"{lists[:-8]}/term_marks/1",
        f"{lists[:-8]}/term_marks/1",
        f"{lists[:-8]}/term_marks/1/v",
        f"{lists}/2/date",
        f"{lists}/2/cells/0/marks/0/v",
        f"{lists}/2/cells/0/marks/1/v",
    ]
    assert (len(refusal.value.faults), refusal.value.total) == (100, 20 * 8 + 3)


def test_a_key_that_stands_twice_is_refused():
    body = BODY.replace(b'"version": ""', b'"version": "", "version": "2"')
    with pytest.raises(SnapshotInvalid) as refusal:
        parse(body)
    assert [(f.pointer, f.code) for f in refusal.value.faults] == [
        ("/source/version", "duplicate-key")
    ]


def test_text_that_looks_like_a_key_is_no_fault():
    document = json.loads(BODY)
    at(document, LESSON)["topic"] = 'Диалог "Who?": "I"'
    snapshot = parse(json.dumps(document, indent=2, ensure_ascii=False).encode())
    assert snapshot.classes[0].groups[0].lessons[0].topic == 'Диалог "Who?": "I"'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Документ пуст"),
        (b"{", "Строка 1, столбец 1: файл обрывается"),
        (b'{\n "\xd0\x9f\xd0\x9f": x}', "Строка 2, столбец 8: нужно значение"),
        (b'{"a": 1,}', "Строка 1, столбец 9: лишняя запятая"),
        (b'{"a": 1} x', "после конца документа"),
        ("{\n\"имя\": 1}".encode("cp1251"), "Строка 2, столбец 2: документ не в кодировке UTF-8"),
        (b"[" * 100_000, "слишком глубокая вложенность"),
        (b'{"n": 1' + b"0" * 100_000 + b"}", "число слишком длинное"),
        (b'{"a": "\\ud800"}', "пары"),
        ('{"a": 1}'.encode("utf-16-le"), "Строка 1, столбец 1: документ не в кодировке UTF-8"),
        (gzip.compress(b"{}"), "Content-Encoding: gzip"),
    ],
)  # fmt: skip
def test_what_is_not_json_is_said_with_line_and_column(body, words):
    with pytest.raises(SnapshotMalformed, match=words):
        parse(body)


def test_the_collector_runs_again_after_a_refusal():
    with pytest.raises(SnapshotInvalid):
        parse(b"{}")
    assert gc.isenabled()


def test_no_field_is_a_union_but_with_null():
    """The place of an error would hold the name of a branch, and lead nowhere."""
    written = json.dumps(schema())
    assert '"oneOf"' not in written
    for definition in [*schema()["$defs"].values(), schema()]:
        for name, field in definition.get("properties", {}).items():
            branches = [one for one in field.get("anyOf", []) if one != {"type": "null"}]
            decimal = [one.get("type") for one in branches] == ["number", "string"]
            assert len(branches) <= 1 or decimal, name


def test_the_checked_in_schema_is_the_models():
    written = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert written == Snapshot.model_json_schema(by_alias=True)
    assert schema()["title"] == "ejournal-snapshot/1"
    assert schema()["$defs"] == written["$defs"]
