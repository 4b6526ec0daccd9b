"""What a school chooses of its calendar: when which documents are made by themselves."""

from __future__ import annotations

import calendar as days
from datetime import date, time
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    field_validator,
    model_validator,
)

from service.documents.choices import Choices
from service.domain.calendars.calendar import (
    NAMED,
    After,
    Calendar,
    Cron,
    MonthDay,
    Monthly,
    TermEnd,
    YearEnd,
)
from service.domain.calendars.cron import cron_fault
from service.domain.codes import Id

NO_MONTHLY_KINDS = (
    "monthly: месячных отчётов среди видов документов нет. Оставьте enabled = false или назовите "
    "в kinds виды, которые печатать каждый месяц"
)
SUMMER = 8  # the last month in which a school year may be closed


def _month_day(text: str) -> str:
    month, _, day = text.partition("-")
    if not (
        len(text) == len("06-15")
        and text.isascii()
        and month.isdigit()
        and day.isdigit()
        and 1 <= int(month) <= SUMMER
        and 1 <= int(day) <= days.monthrange(2027, int(month))[1]
    ):
        raise ValueError("нужны месяц и день с января по август, пример: 06-15")
    return text


def _cron(text: str) -> str:
    if fault := cron_fault(text):
        raise ValueError(f"{fault}; пример: 0 6 1 * *")
    return text


def _zoneless(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("время по часам школы, без пояса; пример: 06:00")
    return at


DayOfYear = Annotated[str, AfterValidator(_month_day)]
Kinds = Annotated[tuple[Id, ...], Field(max_length=50)]


class YearEndSettings(Choices):
    """The end of the school year."""

    enabled: Annotated[bool, Field(description="Начинать прогон в конце года")] = True
    opens_days: Annotated[
        int, Field(ge=0, le=60, description="За сколько дней до snapshot_due прогон начинается")
    ] = 5
    snapshot_due: Annotated[
        DayOfYear, Field(description="Месяц и день, к которым нужен снимок закрытого года")
    ] = "06-15"
    documents_due: Annotated[
        DayOfYear, Field(description="Месяц и день, к которым документы напечатаны")
    ] = "06-20"
    signed_due: Annotated[
        DayOfYear, Field(description="Месяц и день, к которым документы подписаны")
    ] = "06-30"
    kinds: Annotated[
        Kinds, Field(description="Виды документов; без ключа — все документы за год")
    ] = ()

    @model_validator(mode="after")
    def _ordered(self) -> YearEndSettings:
        if not self.snapshot_due <= self.documents_due <= self.signed_due:
            raise ValueError("сроки идут по порядку: snapshot_due, documents_due, signed_due")
        return self

    @property
    def chosen(self) -> YearEnd:
        """The entry as the calendar takes it."""
        snapshot, documents, signed = (
            MonthDay(int(text[:2]), int(text[3:]))
            for text in (self.snapshot_due, self.documents_due, self.signed_due)
        )
        return YearEnd(self.opens_days, snapshot, documents, signed, self.kinds)


class AfterSettings(Choices):
    """How soon after a run began its documents are to be there and signed."""

    documents_days: Annotated[
        int, Field(ge=0, le=60, description="Через сколько дней документы должны быть напечатаны")
    ] = 3
    signed_days: Annotated[
        int, Field(ge=0, le=120, description="Через сколько дней документы должны быть подписаны")
    ] = 10
    kinds: Annotated[
        Kinds, Field(description="Виды документов; в конце периода без ключа — все за период")
    ] = ()

    @model_validator(mode="after")
    def _signed_last(self) -> AfterSettings:
        if self.signed_days < self.documents_days:
            raise ValueError("signed_days меньше documents_days: подписывают после печати")
        return self

    @property
    def after(self) -> After:
        """The deadlines and kinds as the calendar takes them."""
        return After(self.documents_days, self.signed_days, self.kinds)


class TermEndSettings(AfterSettings):
    """The end of each term; no kinds: every kind of a term."""

    enabled: Annotated[
        bool, Field(description="Начинать прогон в конце каждой четверти или полугодия")
    ] = True
    vacation_day: Annotated[
        int, Field(ge=1, le=14, description="День каникул; 1 — следующий за концом периода")
    ] = 2
    moved: Annotated[
        dict[Id, date],
        Field(max_length=40, description="Другой день по id периода, пример: q1 = 2026-11-02"),
    ] = Field({})


class MonthlySettings(AfterSettings):
    """Control prints every month; off while there is no kind of document of a month."""

    enabled: Annotated[
        bool, Field(description="Начинать прогон каждый месяц; месячных видов пока нет")
    ] = False
    day: Annotated[
        int, Field(ge=1, le=31, description="День месяца; в коротком месяце — последний")
    ] = 1

    @model_validator(mode="after")
    def _named(self) -> MonthlySettings:
        if self.enabled and not self.kinds:
            raise ValueError(NO_MONTHLY_KINDS)
        return self


class CronSettings(AfterSettings):
    """Documents by a cron expression; the newest snapshot will do, final or not."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$", description="Имя записи")]
    cron: Annotated[
        str,
        Field(max_length=100, description="Выражение cron из пяти полей по часам школы"),
        AfterValidator(_cron),
    ]
    kinds: Annotated[
        tuple[Id, ...], Field(min_length=1, max_length=50, description="Виды документов")
    ]


class CalendarSettings(Choices):
    """The calendar of a school; times and days are by its own clocks."""

    at: Annotated[
        time, Field(description="Во сколько начинаются прогоны"), AfterValidator(_zoneless)
    ] = time(6)
    year_end: Annotated[YearEndSettings, Field(description="Конец учебного года")] = (
        YearEndSettings()
    )
    term_end: Annotated[TermEndSettings, Field(description="Конец четверти или полугодия")] = (
        TermEndSettings()
    )
    monthly: Annotated[MonthlySettings, Field(description="Каждый месяц")] = MonthlySettings()
    also: Annotated[
        tuple[CronSettings, ...], Field(max_length=20, description="Другие записи, по cron")
    ] = ()
    remind_days: Annotated[
        tuple[Annotated[int, Field(ge=0, le=60)], ...],
        Field(max_length=10, description="За сколько дней до срока напоминать"),
    ] = (7, 3, 1, 0)
    without_classes: Annotated[
        tuple[Id, ...],
        Field(max_length=100, description="Классы, которых прогоны не ждут: расформированные"),
    ] = ()

    @field_validator("also")
    @classmethod
    def _apart(cls, also: tuple[CronSettings, ...]) -> tuple[CronSettings, ...]:
        names = [one.name for one in also]
        if len(set(names)) != len(names) or set(names) & set(NAMED):
            raise ValueError(f"имена записей разные и не {', '.join(NAMED)}")
        return also

    def calendar(self, timezone: str) -> Calendar:
        """Return what is chosen here, for a school of a time zone."""
        year, term, month = self.year_end, self.term_end, self.monthly
        return Calendar(
            timezone=timezone,
            at=self.at,
            year_end=year.chosen if year.enabled else None,
            term_end=TermEnd(term.vacation_day, term.moved, term.after) if term.enabled else None,
            monthly=Monthly(month.day, month.after) if month.enabled else None,
            crons=tuple(Cron(one.name, one.cron, one.after) for one in self.also),
            remind_days=tuple(sorted(self.remind_days)),
            without=frozenset(self.without_classes),
        )

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind that is named anywhere in it."""
        groups = (self.term_end, self.monthly, *self.also)
        return frozenset(self.year_end.kinds).union(*(one.kinds for one in groups))
