"""Opening PDF bytes that may come from anybody, and writing objects into them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO

from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError as LibrarySigningError
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError

from signing.errors import DocumentEncrypted, DocumentTooComplex
from signing.patience import Reader

MOST_REVISIONS = 256  # thrice what a file of 25 years gathers

# A hostile file reaches every corner of a parser; these are what pyHanko and asn1crypto let out.
UNREADABLE = (
    UnsupportedAlgorithm,
    PdfError,
    SignatureValidationError,
    ValidationInfoReadingError,
    LibrarySigningError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    struct.error,
    zlib.error,
)


@contextmanager
def reading(failure: Exception) -> Iterator[None]:
    """Turn whatever a parser says about malformed bytes into `failure`."""
    try:
        yield
    except UNREADABLE as error:
        raise failure from error


def reader(pdf: bytes) -> PdfFileReader:
    """Return a reader of `pdf`; wrap every use of it in `reading`.

    Raises DocumentEncrypted, and DocumentTooComplex before a hostile file costs minutes.
    """
    opened = Reader(BytesIO(pdf))
    if "/Encrypt" in opened.trailer_view:
        raise DocumentEncrypted(
            "Файл зашифрован: проверить и подписать можно только файл без пароля и ограничений. "
            "Снимите защиту или возьмите исходный файл."
        )
    if opened.total_revisions > MOST_REVISIONS:
        raise DocumentTooComplex(
            f"В файле {opened.total_revisions} дополнений, а проверяется не больше "
            f"{MOST_REVISIONS}. Возьмите исходный файл из архива."
        )
    return opened


class Appender(IncrementalPdfFileWriter):
    """A writer of one more revision that leaves the description of the document (XMP) alone."""

    def _update_meta(self) -> None:
        """Do not stamp our own name and clock over what the document says about its origin."""


def writer(pdf: bytes) -> Appender:
    """Return a writer that appends to `pdf`; wrap every use of it in `reading`."""
    return Appender(BytesIO(pdf))


def dictionary(**entries: PdfObject) -> DictionaryObject:
    """Return a PDF dictionary; `Type=name("Font")` is /Type /Font."""
    return DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})


def stream(data: bytes, **entries: PdfObject) -> StreamObject:
    """Return a compressed PDF stream of `data` with some entries in its dictionary."""
    made = StreamObject(dictionary(**entries), stream_data=data)
    made.compress()
    return made


def name(text: str) -> NameObject:
    """Return the PDF name /text."""
    return pdf_name(f"/{text}")


def numbers(values: Iterable[float]) -> ArrayObject:
    """Return a PDF array of numbers."""
    return ArrayObject(
        NumberObject(value) if isinstance(value, int) else FloatObject(f"{value:.6g}")
        for value in values
    )
