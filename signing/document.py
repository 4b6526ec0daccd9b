"""Opening PDF bytes that may come from anybody."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError as LibrarySigningError
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError

# A hostile file reaches every corner of a parser; these are what pyHanko and asn1crypto let out.
UNREADABLE = (
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
    """Return a reader of `pdf`; wrap every use of it in `reading`."""
    return PdfFileReader(BytesIO(pdf))


class Appender(IncrementalPdfFileWriter):
    """A writer of one more revision that leaves the description of the document (XMP) alone."""

    def _update_meta(self) -> None:
        """Do not stamp our own name and clock over what the document says about its origin."""


def writer(pdf: bytes) -> Appender:
    """Return a writer that appends to `pdf`; wrap every use of it in `reading`."""
    return Appender(BytesIO(pdf))


def quiet_libraries() -> None:
    """Keep pyHanko from logging names of certificate owners: they are personal data."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
