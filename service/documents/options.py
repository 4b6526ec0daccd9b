"""What a school may choose about its documents; kept with every document printed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.domain.approval import Role
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

    glyph_set: GlyphSet = GlyphSet.SOURCE
    sou_mode: SouMode = SouMode.STUDENTS
    percent_digits: Annotated[int, Field(ge=0, le=2)] = 2
    mark_word: Annotated[str, Field(pattern="^(оценок|отметок)$")] = "оценок"
    signing_route: tuple[Role, ...] = (Role.DEPUTY, Role.DIRECTOR)
    seal_block: bool = True
    case_index_register: Short = "05-12"
    case_index_summary: Short = "05-13"
    case_index_reports: Short = "05-14"
    volume_sheets: Annotated[int, Field(ge=10, le=500)] = 250
    certification_text: Short = "Прошито, пронумеровано и скреплено печатью"
    deputy_post: Short = "Заместитель директора по УВР"
    director_post: Short = "Директор"
    secretary_post: Short = "Секретарь"
    ratings: bool = False
    absences_in_results: bool = True
    qr: bool = False  # on the first sheet, with the address where the document is checked


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
