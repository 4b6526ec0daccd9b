"""Empty signature fields: they stand in the file before anybody signs (ISO 32000-1, 12.7.4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

LAST = "director"  # who signs last locks the document
PRINTED_AND_LOCKED = 4 + 128  # annotation flags: PDF/A wants Print, Locked keeps it in its place
NAMES = {
    "deputy": "Подпись заместителя директора",
    "seal": "Печать организации",
    "director": "Подпись директора",
}


class Place(Protocol):
    """Where a field stands."""

    @property
    def role(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


def add_fields(writer: PdfWriter, places: Sequence[Place]) -> None:
    """Add a field for every place; the director's one locks all others once signed."""
    if not places:
        return
    references = ArrayObject()
    for place in places:
        page = writer.pages[place.page]
        top = float(page.mediabox.height) - place.y
        box = (place.x, top - place.height, place.x + place.width, top)
        look = DecodedStreamObject()
        look.set_data(b"")
        look.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject(
                    map(FloatObject, (0, 0, round(place.width, 2), round(place.height, 2)))
                ),
            }
        )
        field = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/T"): TextStringObject(place.role),
                NameObject("/TU"): TextStringObject(NAMES.get(place.role, place.role)),
                NameObject("/F"): NumberObject(PRINTED_AND_LOCKED),
                NameObject("/Rect"): ArrayObject(FloatObject(round(value, 2)) for value in box),
                NameObject("/P"): page.indirect_reference,
                NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(look)}),
            }
        )
        if place.role == LAST:
            field[NameObject("/Lock")] = writer._add_object(
                DictionaryObject(
                    {
                        NameObject("/Type"): NameObject("/SigFieldLock"),
                        NameObject("/Action"): NameObject("/All"),
                        NameObject("/P"): NumberObject(1),
                    }
                )
            )
        reference = writer._add_object(field)
        references.append(reference)
        page.setdefault(NameObject("/Annots"), ArrayObject()).append(reference)
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(
        DictionaryObject({NameObject("/Fields"): references})
    )
