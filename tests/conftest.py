"""Judges for every suite: programs that nobody here wrote say whether a file is what it claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from databases import database_url, fresh_postgresql
from judges import office, poppler
from judges.verapdf import VeraPdf

__all__ = ["database_url", "fresh_postgresql"]


@pytest.fixture(scope="session")
def verapdf() -> Iterator[VeraPdf]:
    """`verapdf(pdf, "3u").passed`: PDF/A or PDF/UA by veraPDF."""
    with VeraPdf() as judge:
        yield judge


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> office.LibreOffice:
    """`libreoffice(docx)`: the PDF that LibreOffice prints."""
    return office.LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="session")
def openxml_audit() -> Callable[[bytes], list[str]]:
    """`openxml_audit(docx)`: faults against the schemas of DOCX."""
    return office.openxml_audit


@pytest.fixture(scope="session")
def pdfsig() -> Callable[[bytes], tuple[poppler.SeenSignature, ...]]:
    """`pdfsig(pdf)`: signatures as poppler sees them."""
    return poppler.pdfsig


@pytest.fixture(scope="session")
def pdftotext() -> Callable[..., list[str]]:
    """`pdftotext(pdf)`: the text of each page as poppler reads it."""
    return poppler.text
