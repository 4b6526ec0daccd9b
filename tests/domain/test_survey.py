"""Class by class or as a whole, a snapshot is judged alike: the same faults in the same order."""

from __future__ import annotations

import json
import random
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import ReferenceType, ref

import pytest

from service.domain.errors import Rejected
from service.domain.extract import canonical
from service.domain.intake import pieces
from service.domain.intake.judging import judge
from service.domain.intake.parsing import COUNTED, parse
from service.domain.intake.surveying import excerpt, survey
from service.domain.journal import SchoolClass

BODY = Path(__file__).with_name("section9.json").read_bytes()
SEEDS = 200


def by_class(body: bytes) -> object:
    try:
        found = survey(BytesIO(body), lambda index, journal, _written: (index, journal))
    except Rejected as refusal:
        return told(refusal)
    thin, seen = found.snapshot, found.seen
    assert [one.id for one in thin.classes] == [journal.id for _, journal in seen]
    assert [index for index, _ in seen] == [*range(len(seen))]
    assert not any(one.groups or one.students for one in thin.classes)
    return canonical(thin.model_copy(update={"classes": tuple(journal for _, journal in seen)}))


def whole(body: bytes) -> object:
    try:
        return canonical(parse(body))
    except Rejected as refusal:
        return told(refusal)


def told(refusal: Rejected) -> tuple[object, ...]:
    return type(refusal), str(refusal), refusal.faults, refusal.total


def several() -> Any:
    document = json.loads(BODY)
    (journal,) = document["classes"]
    document["classes"] = [{**journal, "id": f"c{number}"} for number in range(3)]
    return document


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys or indices."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = [(value, key) for key, _ in items]
    for _, child in [*(value.items() if isinstance(value, dict) else enumerate(value))]:
        if isinstance(child, dict | list):
            found += places(child)
    return found


CHANGES: tuple[Callable[[Any, Any, random.Random], object], ...] = (
    lambda box, key, _: box.pop(key),
    lambda box, key, dice: box.__setitem__(key, dice.choice([None, 0, "", [], {}, [{}], "x y"])),
    lambda box, _key, _: box.update(strange={"deep": [1]}) if isinstance(box, dict) else None,
    lambda box, key, _: box.append(box[key]) if isinstance(box, list) else None,
)


@pytest.mark.parametrize("part", range(4))
def test_broken_documents_are_refused_alike(part: int) -> None:
    refused = 0
    for seed in range(part, SEEDS, 4):
        dice = random.Random(seed)
        document = several()
        for _ in range(dice.randint(1, 3)):
            box, key = dice.choice(places(document))
            dice.choice(CHANGES)(box, key, dice)
        body = json.dumps(document, ensure_ascii=seed % 3 == 0).encode()
        if seed % 5 == 0:
            at = dice.randrange(len(body))
            slip = dice.choice([b"", b'"', b"{", b"]", b",", b"\\", b"\xff"])
            body = body[:at] + slip + body[at + 1 :]
        expected = whole(body)
        assert by_class(body) == expected, seed
        refused += isinstance(expected, tuple)
    assert refused > SEEDS / 8


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        b"\xef\xbb\xbf" + BODY,
        json.dumps(several(), indent=1).encode(),
        BODY.replace(b'"classes"', b'"cl\\u0061sses"'),
        BODY.replace(b'"classes"', b'"classes": [], "classes"'),
        BODY.replace(b'"classes":', b'"classes" :'),
        BODY.rstrip().removesuffix(b"}") + b', "classes": []}',
        BODY + b" x",
        BODY.rstrip()[:-1],
        b'{"classes": [{}, {}]}',
        b'{"classes": [1]}',
        b'{"classes": [{} {}]}',
        b"[" * 1000,
        b"",
        json.dumps({**several(), "classes": several()["classes"] * 40}).encode(),
    ],
)
def test_both_ways_say_the_same(body: bytes) -> None:
    assert by_class(body) == whole(body)


@pytest.mark.parametrize(
    "text",
    ['{"a": "}{\\\\\\"]", "b": [[], {}, [{"c": [[[[[[1, "]"]]]]]]}]]}', "[]", '"\\\\"', "-1.5e3"],
)
def test_a_value_ends_where_it_ends(text: str) -> None:
    json.loads(text)
    assert pieces.after(f"{text}, 1]".encode(), 0) == len(text)


def test_no_class_outlives_its_turn() -> None:
    turns: list[ReferenceType[SchoolClass]] = []

    def see(_index: int, journal: SchoolClass, _written: bytes) -> None:
        assert not any(earlier() for earlier in turns)
        turns.append(ref(journal))

    survey(BytesIO(json.dumps(several()).encode()), see)
    assert len(turns) == 3


def test_a_flood_of_strange_keys_is_counted_and_not_kept() -> None:
    flood = ",".join(f'"x{number}": [{{}}, {{"a": [{{}}]}}]' for number in range(5_000))
    body = BODY.rstrip().removesuffix(b"}") + b"," + flood.encode() + b"}"
    tracemalloc.start()
    try:
        shown, total = told(parse_refusal(body))[2:]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(shown), total) == (100, 5_000)
    assert peak < 10 * len(body)


def parse_refusal(body: bytes) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        survey(BytesIO(body), lambda _index, _journal, _written: None)
    return refusal.value


def test_counting_ends_where_nobody_would_mend_them_one_by_one() -> None:
    document = several()
    wrong = {"remarks": [{}] * 500, "groups": [{"teachers": [{}] * 20}] * 200}
    document["classes"] = [{**document["classes"][0], **wrong}] * 100
    refusal = parse_refusal(json.dumps(document).encode())
    assert (len(refusal.faults), refusal.total) == (100, COUNTED)
    assert f"не меньше {COUNTED}" in str(refusal)


def test_strange_keys_and_contradictions_are_told_together() -> None:
    document = several()
    document["classes"][1] |= {"strange": 1, "tutor": "nobody"}
    body = json.dumps(document).replace('"school":', '"schema": "ejournal-snapshot/1", "school":')
    found = {(one.pointer, one.code) for one in parse_refusal(body.encode()).faults}
    assert found == {
        ("/schema", "duplicate-key"),
        ("/classes/1/strange", "unknown-key"),
        ("/classes/1/tutor", "unknown-id"),
    }
    assert by_class(body.encode()) == whole(body.encode())


def test_one_class_is_taken_out_without_the_others() -> None:
    text = json.dumps(several(), indent=1).encode()
    body = b"\xef\xbb\xbf" + text
    extents = survey(BytesIO(body), lambda _index, _journal, _written: None).extents
    assert excerpt(text, extents, 2) == parse(body).model_copy(
        update={"classes": parse(body).classes[2:]}
    )


def test_a_lesson_outside_its_term_and_a_grade_in_the_letter_are_told() -> None:
    document = several()
    document["classes"][1]["letter"] = f"{document['classes'][1]['grade']}Б"
    lessons = [
        lesson
        for journal in document["classes"]
        for group in journal["groups"]
        for lesson in group["lessons"]
    ]
    for lesson in lessons:
        lesson |= {"date": document["terms"][0]["start"], "term": document["terms"][0]["id"]}
    document = json.loads(json.dumps(document))
    document["classes"][2]["groups"][0]["lessons"][0]["date"] = "2026-08-31"
    found = judge(BytesIO(json.dumps(document).encode()), lambda _character: True).warnings
    assert [(one.pointer, one.code) for one in found] == [
        ("/classes/1/letter", "grade-in-letter"),
        ("/classes/2/groups/0/lessons/0/date", "outside-term"),
    ]
    assert "(01.09.2026 — " in found[1].message
