"""The order of subjects and of the groups they are taught in (FORMS 2.1)."""

from __future__ import annotations

from service.domain.journal import Group, SchoolClass
from service.domain.snapshot import Snapshot
from service.domain.wording.names import collation
from service.domain.wording.text import plain

CUSTOMARY = (
    "Русский язык",
    "Литература",
    "Литературное чтение",
    "Родной язык",
    "Родная литература",
    "Иностранный язык",
    "Английский язык",
    "Немецкий язык",
    "Французский язык",
    "Испанский язык",
    "Китайский язык",
    "Второй иностранный язык",
    "Математика",
    "Алгебра",
    "Геометрия",
    "Вероятность и статистика",
    "Информатика",
    "История",
    "Обществознание",
    "Окружающий мир",
    "География",
    "Физика",
    "Химия",
    "Биология",
    "Изобразительное искусство",
    "Музыка",
    "Труд (технология)",
    "Физическая культура",
    "Основы безопасности и защиты Родины",
)


def groups_in_order(snapshot: Snapshot, journal: SchoolClass) -> tuple[Group, ...]:
    """Return a class's groups by subject, subgroups of a subject by title.

    Subjects stand as the snapshot lists them; one it does not list stands in the customary place
    of its title, an unknown title last.
    """
    places = {subject.id: place for place, subject in enumerate(snapshot.subjects)}
    unlisted = len(places)

    def key(group: Group) -> tuple[int, int, tuple[str, str], str]:
        title = collation(group.title)
        place = places.get(group.subject, unlisted)
        return place, _customary(title[1]) if place == unlisted else 0, title, group.id

    return tuple(sorted(journal.groups, key=key))


def subject_title(snapshot: Snapshot, group: Group) -> str:
    """Return the subject's title; the group's own title if the snapshot lists no such subject."""
    titles = {subject.id: subject.title for subject in snapshot.subjects}
    return plain(titles.get(group.subject, group.title))


def _customary(title: str) -> int:
    """Return the place of the longest customary title that `title` begins with."""
    found = [place for place in _PLACES if title.startswith(place)]
    return _PLACES[max(found, key=len)] if found else len(_PLACES)


_PLACES = {collation(title)[1]: place for place, title in enumerate(CUSTOMARY)}
