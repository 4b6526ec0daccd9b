"""The sample school passes the door, repeats, and looks like a school."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from service.domain.codes import LessonKind, MarkKind, MarkValue
from service.domain.extract import canonical
from service.domain.intake.parsing import parse
from service.domain.journal import Group, Lesson, SchoolClass
from service.domain.snapshot import Snapshot
from service.sample import MOST_CLASSES, school
from service.sample.levels import levels, mark


def journal(snapshot: Snapshot, title: str) -> SchoolClass:
    (one,) = (one for one in snapshot.classes if f"{one.grade}{one.letter}" == title)
    return one


def lessons(one: SchoolClass) -> Iterator[tuple[Group, Lesson]]:
    return ((group, lesson) for group in one.groups for lesson in group.lessons)


def test_namesakes_of_one_father_are_told_apart_by_birth(snapshot):
    pair = [
        s for s in journal(snapshot, "9А").students if s.last == "Смирнова" and s.first == "Анна"
    ]
    assert len({(s.last, s.first, s.middle) for s in pair}) == 1
    assert len({s.born.year for s in pair if s.born is not None}) == 2


def test_it_passes_the_door(snapshot):
    assert parse(canonical(snapshot)) == snapshot


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    program = (
        "import hashlib; from service.sample import school;"
        "from service.domain.extract import canonical;"
        "print(hashlib.sha256(canonical(school(1, 7))).hexdigest())"
    )

    def digest(seed: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        return ran.stdout

    assert digest("1") == digest("2")
    assert school(1, 7) != school(1, 8)


def test_a_class_is_the_same_in_a_school_of_any_size(snapshot):
    assert school(1, 1).classes == (journal(snapshot, "8А"),)


def test_the_first_class_fills_a_register(snapshot):
    one = journal(snapshot, "8А")
    assert 1_100 <= sum(len(group.lessons) for group in one.groups) <= 1_250
    assert 18 <= len(one.groups) <= 22
    kinds = {lesson.kind for _, lesson in lessons(one)}
    assert kinds == set(LessonKind)


def test_classes_are_spread_over_the_grades(snapshot):
    titles = [f"{one.grade}{one.letter}" for one in snapshot.classes]
    assert sorted(titles) == sorted([*(f"{grade}А" for grade in range(1, 12)), "8Б"])
    assert titles[-2:] == ["10А", "11А"]


def test_both_classes_know_of_a_transfer_within_the_school(snapshot):
    receiving, giving = journal(snapshot, "8А"), journal(snapshot, "8Б")
    (arrived,) = (m for m in receiving.movements if m.scope == "CLASS")
    (left,) = (m for m in giving.movements if m.scope == "CLASS")
    assert (arrived.student, left.type) == (left.student, "LEAVE")
    early = {"q1", "q2"}
    given = {
        (group.subject, mark.term): mark.v
        for group in giving.groups
        for mark in group.term_marks
        if mark.student == left.student and mark.term in early
    }
    received = {
        (group.subject, mark.term): mark.v
        for group in receiving.groups
        for mark in group.term_marks
        if mark.student == left.student and mark.term in early
    }
    assert len(given) > 20
    assert received == given


def test_term_marks_mostly_agree_with_the_mean(snapshot):
    pairs = [
        (int(mark.v.value), int(mark.avg.quantize(Decimal(1), ROUND_HALF_UP)))
        for one in snapshot.classes
        for group in one.groups
        for mark in group.term_marks
        if mark.avg is not None
    ]
    agree = sum(given == mean for given, mean in pairs) / len(pairs)
    assert len(pairs) > 10_000
    assert 0.95 < agree < 1


def test_marks_in_mathematics_are_distributed_as_in_the_data(snapshot):
    real = Counter(mark(points) for level in levels() for points in level.points)
    sample = Counter(
        one_mark.v
        for one in snapshot.classes
        if one.grade in (5, 6, 7, 8, 10)
        for group in one.groups
        if group.subject in {"math", "alg", "algan", "geom"}
        for one_mark in group.term_marks
        if one_mark.kind is MarkKind.TERM and one_mark.avg is not None
    )
    for value in (MarkValue.TWO, MarkValue.THREE, MarkValue.FOUR, MarkValue.FIVE):
        assert abs(real[value] / real.total() - sample[value] / sample.total()) < 0.1


def test_a_sample_has_limits():
    for count in (0, MOST_CLASSES + 1):
        with pytest.raises(ValueError, match="1 to 40"):
            school(count, 1)
