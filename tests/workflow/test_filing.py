"""Names of files in a package: plain words, never two the same, nothing that climbs or hides."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.domain.package_manifest import PackedFile
from service.ledger.documents import Document, State
from service.workflow.keeping import filing
from service.workflow.keeping.filing import Titled

AT = datetime(2027, 6, 1, tzinfo=UTC)
FILES = (
    "document.pdf",
    "document.docx",
    "document.docx.p7s",
    "attorney.xml",
    "attorney.xml.sig",
    "attorney-2.xml",
)


def titled(id_: str, kind: str = "Классный журнал", term: str = "", **about: Any) -> Titled:
    known: dict[str, Any] = {
        "class_title": "8А", "year": "2026/2027", "version": 1, "volume": 1, "volumes": 1,
    }  # fmt: skip
    document = Document(
        id=id_, school="s", snapshot="n", kind="class-register", class_id="c1", term=term,
        year_end=date(2027, 5, 26), timezone="Asia/Yekaterinburg", supersedes="", options="{}",
        forms="f", route=(), retention_years=5, issued_at=AT, state=State.ARCHIVED, generation=1,
        created_at=AT, updated_at=AT, **(known | about),
    )  # fmt: skip
    return Titled(document, kind, term)


def paths(*documents: Titled, files: tuple[str, ...] = ("document.pdf",)) -> list[str]:
    return list(filing.paths(documents, {one.document.id: files for one in documents}).values())


def test_plain_words() -> None:
    stem = "2026-2027/8А/Классный журнал"
    assert paths(titled("d1"), files=FILES) == [
        f"{stem}.pdf",
        f"{stem}.docx",
        f"{stem}.docx.p7s",
        f"{stem} — доверенность.xml",
        f"{stem} — доверенность.xml.sig",
        f"{stem} — доверенность 2.xml",
    ]
    assert paths(titled("d1", "Итоги", "I четверть", version=3, volume=2, volumes=2)) == [
        "2026-2027/8А/Итоги, I четверть, том 2, версия 3.pdf"
    ]


def test_no_two_are_the_same() -> None:
    same = (
        titled("11111111aa"),
        titled("22222222bb"),
        titled("33333333cc", class_title="8а"),
        titled("44444444dd", class_title="9А"),
    )
    found = paths(*same)
    assert len({name.casefold() for name in found}) == len(same)
    assert found[0] == "2026-2027/8А/Классный журнал (11111111).pdf"
    assert found[-1] == "2026-2027/9А/Классный журнал.pdf"


@pytest.mark.parametrize(
    "title",
    ["..", ".", " ", "../../etc", "8/А", "a\\b", "C:", "8А\n", "\u202e8А", "8А\0", "8" * 40],
)
def test_a_class_never_climbs(title: str) -> None:
    (path,) = paths(titled("d1", class_title=title))
    folders = path.split("/")
    assert len(folders) == 3
    assert all(folder.strip(" .") == folder != "" for folder in folders[:2])
    assert all(unicodedata.category(sign)[0] != "C" for sign in path)
    PackedFile(
        path=path, media_type="m", size=0, sha256="0" * 64, document="d1", kind="k", version=1
    )


def test_a_name_fits_a_disk() -> None:
    (path,) = paths(titled("d1", "Отчёт " * 40), files=("attorney-2.xml.sig",))
    assert len(path.rpartition("/")[2].encode()) <= 255


def test_composed_letters() -> None:
    (path,) = paths(titled("d1", unicodedata.normalize("NFD", "Классный журнал")))
    assert path == unicodedata.normalize("NFC", path)
