"""Subjects stand in the order of the curriculum (FORMS 2.1)."""

from __future__ import annotations

from service.domain.codes import TermKind
from service.domain.journal import Group, SchoolClass
from service.domain.reckoning.curriculum import groups_in_order, subject_title
from service.domain.snapshot import Snapshot, Subject

LISTED = (Subject(id="s1", title="Алгебра"), Subject(id="s2", title="Русский язык"))


def journal(*groups: tuple[str, str]) -> SchoolClass:
    return SchoolClass(
        id="c",
        grade=8,
        letter="А",
        term_scheme=TermKind.QUARTER,
        students=(),
        groups=tuple(
            Group(id=f"g{place}", title=title, subject=subject, members=())
            for place, (title, subject) in enumerate(groups)
        ),
    )


def snapshot(*subjects: Subject) -> Snapshot:
    return Snapshot.model_construct(subjects=subjects)


def test_subjects_stand_as_the_snapshot_lists_them():
    found = journal(("Русский язык", "s2"), ("Алгебра", "s1"), ("Ритмика", "s9"))
    titles = [group.title for group in groups_in_order(snapshot(*LISTED), found)]
    assert titles == ["Алгебра", "Русский язык", "Ритмика"]


def test_subgroups_follow_their_titles():
    found = journal(("Алгебра (2 группа)", "s1"), ("Алгебра (1 группа)", "s1"))
    titles = [group.title for group in groups_in_order(snapshot(*LISTED), found)]
    assert titles == ["Алгебра (1 группа)", "Алгебра (2 группа)"]


def test_without_a_list_the_customary_order_holds():
    found = journal(
        ("Ритмика", "a"),
        ("Музыка", "b"),
        ("История России", "c"),
        ("Литературное чтение", "d"),
        ("Литература", "e"),
        ("Русский язык", "f"),
    )
    titles = [group.title for group in groups_in_order(snapshot(), found)]
    assert titles == [
        "Русский язык",
        "Литература",
        "Литературное чтение",
        "История России",
        "Музыка",
        "Ритмика",
    ]


def test_a_group_is_named_by_its_subject_if_it_has_one():
    first, second = journal(("Алгебра (1 группа)", "s1"), ("Ритмика", "s9")).groups
    assert subject_title(snapshot(*LISTED), first) == "Алгебра"
    assert subject_title(snapshot(*LISTED), second) == "Ритмика"
