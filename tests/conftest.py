"""What every suite shares: the databases, the authorities, and judges that nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import hypothesis
import pytest
from ages import ages
from databases import database_url, fresh_postgresql
from judges import office, poppler
from judges.verapdf import VeraPdf
from office import archive
from town import authority

hypothesis.settings.load_profile("ci")  # the same examples each time, however long one takes

__all__ = ["ages", "archive", "authority", "database_url", "fresh_postgresql"]


@pytest.hookimpl(tryfirst=True)  # xdist looks at the groups afterwards
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have one process take the tests that share what their module makes: it is made once."""
    for item in items:
        grouped = item.get_closest_marker("xdist_group") is not None
        if isinstance(item, pytest.Function) and _shares(item) and not grouped:
            name = f"{item.path.parent.name}/{item.path.stem}"
            item.add_marker(pytest.mark.xdist_group(name))


def _shares(item: pytest.Function) -> bool:
    found = item._fixtureinfo.name2fixturedefs.values()
    return any(one[-1].scope == "module" for one in found)


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
