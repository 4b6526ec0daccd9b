"""The real demonstration database of «Шкала»: every line is in the snapshot or accounted for."""

import json
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import service
from service.domain.codes import Attendance, MarkKind, MarkValue
from service.domain.extract import canonical, extract
from service.domain.intake.parsing import parse
from service.domain.journal import SchoolClass
from service.imports import FileCount, Imported, ImportRefused, formats
from service.imports.scole import codes

DATA = Path(service.__file__).parent / "demo" / "data" / "scole"
FORMAT = formats()["scole"]


@pytest.fixture(scope="module")
def imported() -> Imported:
    return FORMAT.read(DATA, FORMAT.facts())


def journal(imported: Imported, grade: int, letter: str) -> SchoolClass:
    (one,) = (
        one for one in imported.snapshot.classes if (one.grade, one.letter) == (grade, letter)
    )
    return one


def changed(tmp_path: Path, name: str, *lines: object) -> Imported:
    folder = tmp_path / "db"
    shutil.copytree(DATA, folder)
    with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
        for line in lines:
            file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
    return FORMAT.read(folder, FORMAT.facts())


def test_every_line_is_placed_or_left_out_with_a_reason(imported):
    assert imported.report.files == (
        FileCount("curric.jsonl", 16, 14, 2),
        FileCount("distrib.jsonl", 5, 5, 0),
        FileCount("grades.jsonl", 122, 91, 31),
        FileCount("pupils.jsonl", 37, 36, 1),
        FileCount("spravki.jsonl", 11, 3, 8),
        FileCount("staff.jsonl", 6, 6, 0),
        FileCount("topics.jsonl", 56, 56, 0),
    )
    for count in imported.report.files:
        physical = (DATA / count.file).read_text("utf-8").splitlines()
        assert count.lines == len(physical) == count.placed + count.left_out
        left_out = {
            f.line for f in imported.report.findings if f.file == count.file and not f.placed
        }
        assert len(left_out) == count.left_out


def test_the_snapshot_holds_what_the_lines_say(imported):
    groups = [group for one in imported.snapshot.classes for group in one.groups]
    lessons = {lesson.id for group in groups for lesson in group.lessons}
    topics = [json.loads(line) for line in (DATA / "topics.jsonl").read_text("utf-8").splitlines()]
    assert {topic["_id"] for topic in topics} <= lessons
    cells = sum(len(lesson.cells) for group in groups for lesson in group.lessons)
    term_marks = sum(len(group.term_marks) for group in groups)
    assert cells + term_marks == 91
    assert sum(len(one.students) for one in imported.snapshot.classes) == 36


def test_the_snapshot_passes_the_door(imported):
    assert parse(canonical(imported.snapshot)) == imported.snapshot


@pytest.mark.parametrize(
    ("text", "marks", "missed", "strange"),
    [
        ("5 5", "55", 0, ()),
        ("33", "33", 0, ()),
        ("3 4", "34", 0, ()),
        ("45 99", "45", 0, ("99",)),
        ("нн4", "4", 2, ()),
        ("4н", "4", 1, ()),
        ("44нн", "44", 2, ()),
        ("н50", "", 1, ("50",)),
        ("020", "", 0, ("020",)),
        ("2н", "2", 1, ()),
        ("5 н 8", "5", 1, ("8",)),
        ("0", "", 0, ("0",)),
        ("нн", "", 2, ()),
    ],
)
def test_cells(text, marks, missed, strange):
    cell = codes.cell(text)
    assert "".join(mark.value for mark in cell.marks) == marks
    assert (cell.missed, cell.strange) == (missed, strange)


def test_a_pass_is_a_pass():
    assert codes.cell("999").marks == (MarkValue.PASS,)
    assert codes.summary("999") is MarkValue.PASS
    assert codes.summary("0") is MarkValue.NA
    assert codes.summary("40") is None


def test_days_are_counted_from_september():
    year = FORMAT.facts().year
    assert codes.day("d004", year) == date(2018, 9, 4)
    assert codes.day("d331", year) == date(2018, 12, 31)
    assert codes.day("d420", year) == date(2019, 1, 20)
    assert codes.day("d831", year) == date(2019, 5, 31)
    assert codes.day("d230", year) == date(2018, 11, 30)
    assert codes.day("d231", year) is None
    assert codes.day("d628d", year) is None


def test_class_11(imported):
    one = journal(imported, 11, "З")
    assert len(one.students) == 27
    algebra = one.groups[0]
    assert algebra.title == "Алгебра и начала анализа"
    assert len(algebra.lessons) == 27
    by_name = {student.last: student.id for student in one.students}
    cells = {
        (lesson.date, cell.student): (lesson, cell)
        for lesson in algebra.lessons
        for cell in lesson.cells
    }
    _, ill = cells[date(2018, 9, 4), by_name["Давыдов"]]
    assert (ill.att, ill.missed) == (Attendance.ABSENT_ILL, 2)
    lesson, double = cells[date(2019, 4, 30), by_name["Казакова"]]
    assert [mark.v.value for mark in double.marks] == ["5", "5"]
    assert {mark.w for mark in double.marks} == {Decimal(3)}
    assert lesson.homework == "Доесть"
    _, strange = cells[date(2019, 4, 24), by_name["Казакова"]]
    assert (strange.raw, strange.att, strange.marks) == ("н50", Attendance.ABSENT, ())
    year = {mark.student: mark.v for mark in algebra.term_marks if mark.kind is MarkKind.YEAR}
    assert year[by_name["Казакова"]] is MarkValue.PASS


def test_no_pupil_has_two_marks_for_one_subject_and_period(imported):
    for one in imported.snapshot.classes:
        marks = Counter(
            (group.subject, mark.student, mark.kind, mark.term)
            for group in one.groups
            for mark in group.term_marks
        )
        assert not [key for key, count in marks.items() if count > 1]


def test_an_elective_stands_in_every_class_that_attends_it(imported):
    one = journal(imported, 8, "С")
    (elective,) = (group for group in one.groups if group.title.startswith("Робинзонада"))
    assert len(elective.lessons) == 13
    assert all(not lesson.cells for lesson in elective.lessons)


def test_the_report_names_nobody(imported):
    text = imported.report.to_json()
    assert json.loads(text)["files"][2]["left_out"] == 31
    for student in (s for one in imported.snapshot.classes for s in one.students):
        assert student.last not in text
    for person in imported.snapshot.staff:
        assert person.last not in text


def test_an_extract_of_it_passes_the_door_too(imported):
    part = extract(imported.snapshot, journal(imported, 11, "З").id)
    assert parse(canonical(part)) == part
    assert len(part.staff) < len(imported.snapshot.staff)


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("grades", "{", "malformed-line"),
        ("grades", {"_id": "x1"}, "malformed-record"),
        ("grades", {"_id": "x1", "d": "d901", "c": "7Ъ", "s": "s430", "t": "goldin", "p": "ezhov",
                    "g": "5"}, "unknown-class"),
        ("grades", {"_id": "x1", "d": "d901", "c": "11З", "s": "s999", "t": "goldin", "p": "ezhov",
                    "g": "5"}, "unknown-subject"),
        ("grades", {"_id": "x1", "d": "d901", "c": "11З", "s": "s430", "t": "nobody", "p": "ezhov",
                    "g": "5"}, "unknown-teacher"),
        ("grades", {"_id": "x1", "d": "d931", "c": "11З", "s": "s430", "t": "goldin", "p": "ezhov",
                    "g": "5"}, "bad-date"),
        ("grades", {"_id": "x1", "d": "d331c", "c": "11З", "s": "s430", "t": "goldin", "p": "ezhov",
                    "g": "54"}, "not-a-mark"),
        ("topics", {"_id": "x1", "g": "11З", "s": "s430", "l": "goldin", "d": "d955", "t": "Тема",
                    "h": "", "w": 2}, "bad-date"),
        ("spravki", {"_id": "x1", "pupil": "nobody", "vid": "med", "start": "2018-09-01",
                     "fin": "2018-09-02"}, "unknown-pupil"),
        ("staff", {"_id": "x1", "Ulogin": "goldin", "Ufamil": "Другой"}, "duplicate-record"),
        ("curric", {"_id": "x1", "type": "meal"}, "unknown-type"),
        ("distrib", {"_id": "x1", "tLogin": "goldin", "tLoad": {"s430": ["7Ъ"]}}, "unknown-class"),
    ],
)  # fmt: skip
def test_a_line_that_fits_nowhere_is_left_out(imported, tmp_path, name, line, code):
    report = changed(tmp_path, name, line).report
    (finding,) = set(report.findings) - set(imported.report.findings)
    assert (finding.file, finding.code, finding.placed) == (f"{name}.jsonl", code, False)


def test_later_lines_replace_earlier_ones(tmp_path):
    gone = {"$$deleted": True, "_id": "VbiDqkV0OVxeqN1d"}
    imported = changed(tmp_path, "staff", gone)
    codes_found = Counter(f.code for f in imported.report.findings if f.file == "staff.jsonl")
    assert codes_found == {"replaced": 1, "deleted": 1}
    assert "Гольдин" not in {person.last for person in imported.snapshot.staff}


def test_a_mark_without_a_topic_makes_a_lesson_without_one(tmp_path):
    line = {
        "_id": "x1",
        "d": "d901",
        "c": "11З",
        "s": "s430",
        "t": "goldin",
        "p": "ezhov",
        "g": "5",
    }
    imported = changed(tmp_path, "grades", line)
    lessons = journal(imported, 11, "З").groups[0].lessons
    (lesson,) = (lesson for lesson in lessons if lesson.date == date(2019, 6, 1))
    assert (lesson.topic, lesson.cells[0].marks[0].v) == ("", MarkValue.FIVE)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    folder = tmp_path / "db"
    shutil.copytree(DATA, folder)
    (folder / "staff.jsonl").write_bytes("Гольдин".encode("cp1251"))
    with pytest.raises(ImportRefused, match="UTF-8"):
        FORMAT.read(folder, FORMAT.facts())


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match=r"curric\.db"):
        FORMAT.read(tmp_path, FORMAT.facts())
