"""The signature fields of a document: which there are, which are filled, which are locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, enumerate_sig_fields

from signing.document import reader, reading
from signing.errors import DocumentLocked, DocumentUnreadable, FieldMissing, FieldSigned

DOCUMENT_TIMESTAMP = "/DocTimeStamp"


class FieldState(StrEnum):
    """What a signature field is ready for."""

    EMPTY = "empty"
    SIGNED = "signed"
    LOCKED = "locked"  # empty, but an earlier signature forbids filling it


@dataclass(frozen=True, slots=True)
class Field:
    """One signature field, by its full name."""

    name: str
    state: FieldState


@dataclass(frozen=True, slots=True)
class Signed:
    """A filled signature field of an open document."""

    name: str
    reference: IndirectObject
    field: DictionaryObject
    value: DictionaryObject

    @property
    def is_timestamp(self) -> bool:
        """Whether it holds a timestamp over the document, not somebody's signature."""
        return bool(self.value.get("/Type") == DOCUMENT_TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Lock:
    """What the signature in field `by` forbids."""

    by: str
    certifies: bool
    fields: FieldMDPSpec | None
    permission: MDPPerm | None

    @property
    def whole(self) -> bool:
        """Whether nothing at all may be filled any more."""
        return self.permission is MDPPerm.NO_CHANGES or (
            self.fields is not None and self.fields.action is FieldMDPAction.ALL
        )

    def covers(self, name: str) -> bool:
        """Return whether field `name` may no longer be filled."""
        return self.permission is MDPPerm.NO_CHANGES or (
            self.fields is not None and self.fields.is_locked(name)
        )


def fields_of(pdf: bytes) -> tuple[Field, ...]:
    """Return the signature fields of `pdf` in document order, or raise DocumentUnreadable."""
    with reading(unreadable()):
        return tuple(states_in(reader(pdf)))


def states_in(document: PdfHandler) -> Iterator[Field]:
    """Yield the fields of an open document. Document timestamps are not fields to be signed."""
    locks = tuple(locks_in(document))
    filled = {signed.name: signed for signed in signed_in(document)}
    for name, _, _ in enumerate_sig_fields(document):
        if name not in filled:
            locked = any(lock.covers(name) for lock in locks)
            yield Field(name, FieldState.LOCKED if locked else FieldState.EMPTY)
        elif not filled[name].is_timestamp:
            yield Field(name, FieldState.SIGNED)


def signed_in(document: PdfHandler) -> Iterator[Signed]:
    """Yield the filled fields of an open document, document timestamps included."""
    for name, _, reference in enumerate_sig_fields(document, filled_status=True):
        field = reference.get_object()
        value = field["/V"]
        if isinstance(value, DictionaryObject):
            yield Signed(name, reference, field, value)


def locks_in(document: PdfHandler) -> Iterator[Lock]:
    """Yield what the signatures of an open document forbid; each field's own /Lock counts too."""
    for signed in signed_in(document):
        fields, permission = field_lock(signed.field)
        certifies = False
        for entry in signed.value.get("/Reference", ()):
            parameters = entry.get("/TransformParams") or {}
            if entry["/TransformMethod"] == "/FieldMDP":
                fields = FieldMDPSpec.from_pdf_object(parameters)
            certifies |= entry["/TransformMethod"] == "/DocMDP"
            if "/P" in parameters:
                permission = MDPPerm(int(parameters["/P"]))
        yield Lock(signed.name, certifies, fields, permission)


def field_lock(field: DictionaryObject) -> tuple[FieldMDPSpec | None, MDPPerm | None]:
    """Return what signing `field` will lock: other fields, and how far the document."""
    if "/Lock" not in field:
        return None, None
    lock = field["/Lock"]  # `get` would not follow a reference
    permission = MDPPerm(int(lock["/P"])) if "/P" in lock else None
    return FieldMDPSpec.from_pdf_object(lock), permission


def require_signable(document: PdfHandler, name: str) -> None:
    """Raise FieldMissing, FieldSigned or DocumentLocked unless field `name` may be signed now."""
    fields = {field.name: field.state for field in states_in(document)}
    if name not in fields:
        known = ", ".join(f"«{known}»" for known in fields) or "их нет вовсе"
        raise FieldMissing(f"В документе нет поля подписи «{name}» (есть: {known}).")
    if fields[name] is FieldState.SIGNED:
        raise FieldSigned(f"Поле «{name}» уже подписано. Обновите карточку документа.")
    if fields[name] is FieldState.LOCKED:
        by = next(lock.by for lock in locks_in(document) if lock.covers(name))
        raise DocumentLocked(
            f"Документ закрыт подписью в поле «{by}»: ещё одна подпись сделала бы её "
            "недействительной. Если документ надо подписать заново, выпустите новую версию."
        )


def unreadable() -> DocumentUnreadable:
    """Return the refusal for bytes that are not a whole PDF file."""
    return DocumentUnreadable(
        "Файл не читается: это не PDF, либо он обрезан или повреждён. Загрузите файл заново."
    )
