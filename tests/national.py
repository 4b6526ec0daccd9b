"""A town whose people sign by GOST keys, as schools in Russia do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gost_authority import GostAuthority
from town import SCHOOL, Clock, Town, settings_file

from service.settings import load
from signing.authority import Authority

DOCX_TOO = {f"VEDOMOST_SCHOOLS__{SCHOOL.upper()}__SIGN_DOCX": "true"}
NAMES = {
    "Громова Ольга Ивановна": "Заварзина Ольга Сергеевна",
    "Светлова Анна Юрьевна": "Лопатин Пётр Ильич",
}


@pytest.fixture(scope="module")
def gost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GostAuthority]:
    folder = tmp_path_factory.mktemp("gost")
    with GostAuthority.served(folder, datetime.now(UTC).replace(microsecond=0)) as authority:
        yield authority


@pytest.fixture
def national(tmp_path: Path, authority: Authority, gost: GostAuthority) -> Iterator[Town]:
    """A town whose people sign by GOST, PDF and DOCX, with timestamps by GOST."""
    file = settings_file(tmp_path, authority)
    said = file.read_text("utf-8").replace(authority.timestamp_url, f"{gost.url}/tsa")
    for before, after in NAMES.items():
        said = said.replace(before, after)
    file.write_text(said, "utf-8")
    for name in ("root", "issuing"):  # a browser sends the signer's certificate alone
        pem = (gost.folder / f"{name}.pem").read_bytes()
        (tmp_path / "trust" / f"gost-{name}.pem").write_bytes(pem)
    town = Town(tmp_path, load(file, DOCX_TOO), authority, Clock(datetime.now(UTC)))
    yield town
    town.close()
