"""What a school may choose about its documents; kept with every document printed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.domain.approving.approval import Role
from service.domain.errors import Fault, Rejected

LATER = ("qr", "check_at")  # came when documents had been printed: unsaid where not chosen


class GlyphSet(StrEnum):
    """Whose letters stand for absences: the source journal's, or the usual ones."""

    SOURCE = "source"
    DEFAULT = "default"


class SouMode(StrEnum):
    """How the class's СОУ is taken: over pupils, or as the mean of the subjects'."""

    STUDENTS = "students"
    SUBJECTS_MEAN = "subjects_mean"


Short = Annotated[str, Field(max_length=300)]


class PrintOptions(BaseModel):
    """The choices of a school; every default is what FORMS proposes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    glyph_set: Annotated[
        GlyphSet, Field(description="Знаки пропусков: как в исходном журнале или обычные")
    ] = GlyphSet.SOURCE
    sou_mode: Annotated[
        SouMode, Field(description="СОУ класса: по ученикам или среднее по предметам")
    ] = SouMode.STUDENTS
    percent_digits: Annotated[
        int, Field(ge=0, le=2, description="Знаков после запятой в процентах")
    ] = 2
    mark_word: Annotated[
        str,
        Field(pattern="^(оценок|отметок)$", description="Слово в таблицах: «оценок» или «отметок»"),
    ] = "оценок"
    signing_route: Annotated[
        tuple[Role, ...], Field(description="Кто и в каком порядке подписывает")
    ] = (Role.DEPUTY, Role.DIRECTOR)
    seal_block: Annotated[bool, Field(description="Печатать место печати «М.П.»")] = True
    case_index_register: Annotated[Short, Field(description="Индекс дела классных журналов")] = (
        "05-12"
    )
    case_index_summary: Annotated[Short, Field(description="Индекс дела сводных ведомостей")] = (
        "05-13"
    )
    case_index_reports: Annotated[Short, Field(description="Индекс дела отчётов за период")] = (
        "05-14"
    )
    volume_sheets: Annotated[
        int, Field(ge=10, le=500, description="Толще стольких листов журнал делится на тома")
    ] = 250
    certification_text: Annotated[Short, Field(description="Слова листа-заверителя")] = (
        "Прошито, пронумеровано и скреплено печатью"
    )
    deputy_post: Annotated[Short, Field(description="Должность заместителя")] = (
        "Заместитель директора по УВР"
    )
    director_post: Annotated[Short, Field(description="Должность руководителя")] = "Директор"
    secretary_post: Annotated[Short, Field(description="Должность секретаря")] = "Секретарь"
    ratings: Annotated[bool, Field(description="Печатать места по среднему баллу")] = False
    absences_in_results: Annotated[bool, Field(description="Пропуски в отчёте за период")] = True
    qr: Annotated[bool, Field(description="QR-код на первом листе: адрес проверки документа")] = (
        False
    )


class DocumentOptions(PrintOptions):
    """The choices one document is printed with: a school's, and the address its QR code leads to.

    What came later is left out of their JSON where it was not chosen, so that neither the id of an
    older order nor the bytes of an older document change.
    """

    check_at: Annotated[str, Field(max_length=200)] = ""  # of the service, with no slash at its end

    def told(self) -> dict[str, Any]:
        """Return the choices as they are kept with a document and embedded in its files."""
        return self.model_dump(mode="json", exclude=self._unsaid())

    def told_json(self) -> str:
        """Return the same as JSON text, always the same for the same choices."""
        return self.model_dump_json(exclude=self._unsaid())

    def address(self, document: str) -> str:
        """Return where whoever holds the paper checks a document; empty: no QR code is wanted."""
        return f"{self.check_at}/v1/verify/{document}" if self.qr else ""

    def _unsaid(self) -> set[str]:
        return {name for name in LATER if not getattr(self, name)}


class CheckAddressMissing(Rejected):
    """A QR code is wanted and nobody knows what address to put in."""

    code = "check-address-missing"
    title = "Не задан адрес проверки документов"


def require_check_address(options: PrintOptions, public_url: str | None) -> None:
    """Pass if a school's choices can be printed by a service known at `public_url`."""
    if options.qr and not public_url:
        message = (
            "Выбран QR-код (qr), а адрес проверки не задан: попросите администратора службы "
            "указать в её настройках web.public_url или выключите qr."
        )
        raise CheckAddressMissing(
            message, (Fault("/options/qr", CheckAddressMissing.code, message),)
        )


def for_document(options: PrintOptions, public_url: str | None) -> DocumentOptions:
    """Return what a document is printed with, or raise CheckAddressMissing."""
    require_check_address(options, public_url)
    check_at = public_url if options.qr and public_url else ""
    return DocumentOptions(**options.model_dump(), check_at=check_at)
