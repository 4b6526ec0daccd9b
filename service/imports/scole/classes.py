"""The classes of «Шкала» as classes of the native snapshot: pupils, pages in order, subjects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from service.domain.codes import TermKind
from service.domain.journal import Enrolment, Group, SchoolClass, Student
from service.domain.snapshot import Subject, Term, Year
from service.imports.scole.codes import ELECTIVES
from service.imports.scole.fields import JOURNAL
from service.imports.scole.ledger import Ledger
from service.imports.scole.pages import Excuses, PageReader, Plan
from service.imports.scole.records import Grade, Journal, Page, Pupil, Read, Teacher
from service.imports.scole.source import Source

UPPER_SCHOOL = 10  # from this grade on the year is marked by halves


@dataclass(slots=True)
class Subjects:
    """The subjects of the snapshot, each once, in the order of the journal's codes."""

    titles: dict[str, str]  # by id; the journal's own codes come first

    def usual(self, code: str) -> str:
        """Return the id of a subject of the journal's list."""
        return code

    def own(self, code: str, title: str) -> str:
        """Return the id of a subject that only some page or elective has."""
        for known, name in self.titles.items():
            if name == title and known.startswith(code):
                return known
        number = sum(known.startswith(f"{code}.") for known in self.titles) + 1
        self.titles[f"{code}.{number}"] = title
        return f"{code}.{number}"

    def listed(self) -> tuple[Subject, ...]:
        """Return them as the snapshot lists them; electives come last."""
        order = sorted(self.titles, key=lambda known: (known.startswith(ELECTIVES), known[1:4]))
        return tuple(Subject(id=known, title=self.titles[known]) for known in order)


@dataclass(frozen=True, slots=True)
class ClassReader:
    """Reads the classes of a source one by one."""

    source: Source
    year: Year
    terms: tuple[Term, ...]
    ledger: Ledger
    subjects: Subjects
    _taken: set[tuple[str, str]] = field(default_factory=set)

    def read(self, journal: Read[Journal]) -> SchoolClass:
        """Return a class with everything the journal holds of it."""
        name = journal.value.name
        found = JOURNAL.fullmatch(name)
        assert found is not None
        grade, letter = int(found[1]), found[2]
        pupils = {
            login: pupil
            for login, pupil in self.source.pupils.items()
            if pupil.value.journal == name
        }
        tutor = self.source.staff.get(journal.value.tutor)
        if journal.value.tutor and tutor is None:
            message = "Классного руководителя нет в списке сотрудников."
            self.ledger.note(journal.line, journal.id, "unknown-teacher", message)
        self.ledger.place(journal.line)
        scheme = TermKind.HALF if grade >= UPPER_SCHOOL else TermKind.QUARTER
        return SchoolClass(
            id=journal.id,
            grade=grade,
            letter=letter,
            tutor=None if tutor is None else tutor.id,
            term_scheme=scheme,
            students=tuple(self._student(pupil) for pupil in pupils.values()),
            groups=tuple(self._groups(journal, pupils, scheme)),
        )

    def _student(self, pupil: Read[Pupil]) -> Student:
        self.ledger.place(pupil.line)
        if pupil.value.blocked:
            message = "Учётная запись закрыта, когда обучающийся выбыл, неизвестно: он в списке."
            self.ledger.note(pupil.line, pupil.id, "blocked-pupil", message)
        return Student(
            id=pupil.id,
            last=pupil.value.last,
            first=pupil.value.first,
            enrolments=(Enrolment(from_=self.year.start),),
        )

    def _groups(
        self, journal: Read[Journal], pupils: Mapping[str, Read[Pupil]], scheme: TermKind
    ) -> Iterator[Group]:
        excuses = Excuses(self.source.certificates, self.ledger)
        reader = PageReader(self.year, scheme, self.terms, excuses, self.ledger)
        taken: defaultdict[str, set[str]] = defaultdict(set)
        for number, page in enumerate(self._pages(journal.value.name), start=1):
            members = self._members(page, pupils)
            if page[1] == ELECTIVES and not members:
                continue
            subject, title = self._subject(page, members, taken)
            taken[subject] |= members.keys()
            teacher = self.source.staff[page[2]].id
            plan = Plan(f"{journal.id}.{number}", title, subject, teacher, members)
            yield reader.group(plan, self.source.topics.get(page, ()), self._grades(page, pupils))

    def _pages(self, name: str) -> list[Page]:
        """Return the pages of a class: by subject, the whole class first, the fullest first."""

        def order(page: Page) -> tuple[bool, int, str, bool, str, int, str]:
            group, subject, teacher = page
            records = len(self.source.topics.get(page, ())) + len(self.source.grades.get(page, ()))
            elective = subject == ELECTIVES
            code = int(subject[1:])
            return elective, code, subject, group != name, group, -records, teacher

        return sorted(
            (
                page
                for page in self.source.pages()
                if page[1] == ELECTIVES or page[0].partition("-")[0] == name
            ),
            key=order,
        )

    def _members(self, page: Page, pupils: Mapping[str, Read[Pupil]]) -> dict[str, Read[Pupil]]:
        group, subject, _ = page
        if subject == ELECTIVES:
            return {k: v for k, v in pupils.items() if group in v.value.electives}
        if "-" in group:
            return {k: v for k, v in pupils.items() if group in v.value.groups}
        return dict(pupils)

    def _grades(self, page: Page, pupils: Mapping[str, Read[Pupil]]) -> Iterable[Read[Grade]]:
        """Return a page's grades; of an elective only those of the class's own pupils."""
        grades = self.source.grades.get(page, ())
        if page[1] != ELECTIVES:
            return grades
        return [grade for grade in grades if grade.value.pupil in pupils]

    def _subject(
        self, page: Page, members: Mapping[str, object], taken: Mapping[str, set[str]]
    ) -> tuple[str, str]:
        """Return the subject and the title of a page.

        The journal marks a pupil on several pages of one subject (his class's and his
        subgroup's, two teachers'). Such a page is a subject of its own, or one mark would hide
        the other in a summary; in the journal's own summary it has its own row as well.
        """
        group, code, teacher = page
        if code == ELECTIVES:
            elective = self.source.electives[group]
            self.ledger.place(elective.line)
            title = f"{elective.value.title} (внеурочная деятельность)"[:120]
            return self.subjects.own(code, title), title
        usual = self.source.subjects[code]
        title = f"{usual} ({group})" if "-" in group else usual
        if not taken.get(code, set()) & members.keys():
            return self.subjects.usual(code), title
        if "-" not in group:
            title = f"{usual} ({_short(self.source.staff[teacher])})"
        own = self.subjects.own(code, title)
        if taken.get(own, set()) & members.keys():
            title = f"{title} ({_short(self.source.staff[teacher])})"
            own = self.subjects.own(code, title)
        return own, title


def _short(teacher: Read[Teacher]) -> str:
    initials = "".join(
        f"{name[0]}." for name in (teacher.value.first, teacher.value.middle) if name
    )
    return f"{teacher.value.last}\u00a0{initials}" if initials else teacher.value.last
