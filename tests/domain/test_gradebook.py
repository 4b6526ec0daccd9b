"""Which mark stands for a pupil, a subject and a period, and where one is missing."""

from datetime import UTC, date, datetime

import pytest

from service.domain.codes import MarkKind, MarkValue
from service.domain.journal import CellEntry, Exemption, Group, Lesson, Mark, Membership, TermMark
from service.domain.reckoning import periods
from service.domain.reckoning.gradebook import gradebook, subjects

FIVE, FOUR = MarkValue.FIVE, MarkValue.FOUR
START, MOVE = date(2026, 9, 1), date(2026, 10, 1)


def lesson(day: date) -> Lesson:
    cell = CellEntry(student="s1", marks=(Mark(v=FIVE),))
    return Lesson(id=f"l{day}", n=1, date=day, term="q1", cells=(cell,))


def changed(snapshot, **group):
    journal = snapshot.classes[0]
    first = journal.groups[0].model_copy(update=group)
    return journal.model_copy(update={"groups": (first, *journal.groups[1:])})


def test_the_group_at_the_end_speaks_for_the_subject(school):
    snapshot = school({"Аистов": {"Английский язык": ""}})

    def group(id_: str, member: Membership, value: MarkValue, **more) -> Group:
        mark = TermMark(student="s1", term="q1", kind=MarkKind.TERM, v=value, **more)
        return Group(
            id=id_, title=f"Английский язык ({id_} группа)", subject="su1", members=(member,),
            term_marks=(mark,),
        )  # fmt: skip

    first = group("1", Membership(student="s1", from_=START, to=MOVE), FIVE)
    second = group("2", Membership(student="s1", from_=MOVE), FOUR)
    for groups in ((first, second), (second, first)):
        journal = snapshot.classes[0].model_copy(update={"groups": groups})
        book = gradebook(snapshot, journal)
        (subject,) = book.subjects
        period = periods.of_term(snapshot.terms[0])
        assert book.value(journal.students[0], subject, period) is FOUR
    transferred = group("1", first.members[0], FIVE, transferred=True)
    late = group("2", first.members[0], FOUR, at=datetime(2026, 10, 24, tzinfo=UTC))
    for groups in ((transferred, first), (first, late)):
        journal = snapshot.classes[0].model_copy(update={"groups": groups})
        mark = gradebook(snapshot, journal).mark(journal.students[0], subject, period)
        assert mark is groups[1].term_marks[0]


def test_subjects_without_a_list_are_named_after_their_groups(school):
    snapshot = school(
        {"Аистов": {"Музыка": "5", "Алгебра": "5"}, "Быков": {"Алгебра": "4"}},
        subgroups={"Алгебра": {"Аистов": "1", "Быков": "2"}},
    ).model_copy(update={"subjects": ()})
    assert [one.title for one in subjects(snapshot, snapshot.classes[0])] == ["Алгебра", "Музыка"]


def test_an_exemption_all_through_a_period_is_a_value(school):
    whole = Exemption(subject="su1", from_=START, to=date(2026, 10, 25))
    snapshot = school(
        {"Аистов": {"Физическая культура": ""}}, pupils={"Аистов": {"exemptions": (whole,)}}
    )
    journal = snapshot.classes[0]
    book = gradebook(snapshot, changed(snapshot, lessons=(lesson(START),)))
    (subject,) = book.subjects
    quarters = [periods.of_term(term) for term in snapshot.terms[:2]]
    assert [book.value(journal.students[0], subject, q) for q in quarters] == [
        MarkValue.EXEMPT,
        None,
    ]


@pytest.mark.parametrize(
    ("group", "owed"),
    [
        ({"lessons": (lesson(MOVE),)}, True),
        ({"lessons": (lesson(MOVE),), "hours_per_week": 1}, False),
        ({}, False),
        ({"members": (Membership(student="s1", from_=START, to=START),)}, False),
        (
            {
                "lessons": (lesson(MOVE),),
                "members": (Membership(student="s1", from_=START, to=MOVE),),
            },
            True,
        ),
    ],
)
def test_when_a_quarter_mark_is_owed(school, group, owed):
    snapshot = school({"Аистов": {"Алгебра": "q2=5"}})
    journal = changed(snapshot, **group)
    book = gradebook(snapshot, journal)
    (subject,) = book.subjects
    period = periods.of_term(snapshot.terms[0])
    assert book.expected(journal.students[0], subject, period) is owed


def test_subjects_never_marked_are_no_columns(school):
    snapshot = school({"Аистов": {"Разговоры о важном": "", "Алгебра": "5"}})
    book = gradebook(snapshot, snapshot.classes[0])
    assert [subject.title for subject in book.subjects] == ["Алгебра"]


def test_a_year_mark_is_always_owed_an_exam_mark_never(school):
    snapshot = school({"Аистов": {"Алгебра": "q1=5"}}, grade=9)
    journal = snapshot.classes[0]
    book = gradebook(snapshot, journal)
    owed = {
        period.title: book.expected(journal.students[0], book.subjects[0], period)
        for period in periods.of_class(snapshot, journal)[4:]
    }
    assert owed == {"Годовая": True, "Экзаменационная": False, "Итоговая": True}
