"""A thick register is bound in volumes: each is a document that goes the whole road by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from thick import MOST, register
from town import Town

from service.ledger.documents import Overtaken
from service.rendering.printer import Printer
from service.reports import catalogue
from service.workflow.printing.produce import Printout, Produce
from service.workflow.printing.reproduce import Outcome, Reproduce


def printed(town: Town, subjects: int) -> list[dict[str, object]]:
    """Order a register, have it printed and return its volumes."""
    body = register(subjects)
    (journal,) = json.loads(body)["classes"]
    job = town.order(town.post_snapshot(body), "class-register", **{"class": journal["id"]})
    town.work()
    first = town.document(job["document"])
    return [first, *map(town.document, first["other_volumes"])]


def test_every_volume_goes_the_whole_road(thin: Town, pdftotext: Callable[..., list[str]]) -> None:
    volumes = printed(thin, 6)
    assert [(one["volume"], one["volumes"]) for one in volumes] == [(1, 3), (2, 3), (3, 3)]
    for one in volumes:
        assert one["state"] == "awaiting-deputy"
        assert set(one["other_volumes"]) == {other["id"] for other in volumes} - {one["id"]}
        thin.sign(one["id"], "deputy")
        thin.sign(one["id"], "director")
    thin.work()

    reproduce = Reproduce(catalogue(), thin.shop.printer, thin.shop.forms)
    inside: list[str] = []
    for one in map(thin.document, (one["id"] for one in volumes)):
        assert one["state"] == "archived"
        assert one["sheets"] <= MOST
        assert {f"/v1/volume-{one['volume']}/" in copy["key"] for copy in one["copies"]} == {True}
        path = f"/v1/documents/{one['id']}/verification"
        assert thin.ask("director", "GET", path).json["valid"] is True
        pdf = thin.ask("director", "GET", f"/v1/documents/{one['id']}/pdf").data
        told = reproduce(pdf)
        assert (told.outcome, told.volume, told.volumes) == (Outcome.SAME, one["volume"], 3)
        manifest = next(file for file in thin.archived_files("A") if _is_manifest(file, one["id"]))
        labels = json.loads(manifest.read_bytes())["labels"]
        assert (labels["volume"], labels["volumes"]) == (str(one["volume"]), "3")
        docx = thin.ask("director", "GET", f"/v1/documents/{one['id']}/docx").data
        written = " ".join(_words(docx))
        assert f"Том {one['volume']} из 3" in written
        assert str(one["id"]) in written
        inside += _looked_into(pdf, one, pdftotext(pdf))
    subjects = [group["title"] for group in json.loads(register(6))["classes"][0]["groups"]]
    assert [title for title in inside if title in subjects] == sorted(subjects, key=inside.index)
    assert sum(title in subjects for title in inside) == len(subjects), "each is in one volume"
    assert len(thin.archived_files("B")) == 3 * len(volumes)
    assert thin.log_is_whole()


def _is_manifest(file: Path, document: str) -> bool:
    return file.name == "manifest.json" and document in str(file)


def _words(docx: bytes) -> Iterator[str]:
    """Yield the texts of a DOCX, its footers included."""
    with ZipFile(BytesIO(docx)) as package:
        for name in package.namelist():
            if name == "word/document.xml" or "footer" in name:
                yield from re.findall(r"<w:t[^>]*>([^<]*)</w:t>", package.read(name).decode())


def _looked_into(pdf: bytes, told: dict[str, object], pages: list[str]) -> list[str]:
    """Hold a volume against what it says of itself; return the parts it lists."""
    reader = PdfReader(BytesIO(pdf))
    listed = [str(item.title) for item in reader.outline]  # type: ignore[union-attr]
    starts = [reader.get_destination_page_number(item) for item in reader.outline]  # type: ignore[arg-type]
    title, contents = " ".join(pages[0].split()), " ".join(pages[1].split())
    assert f"Том {told['volume']} из 3" in title
    assert f"Всего листов: {told['sheets']} (" in title
    assert str(reader.metadata.title).endswith(f"том {told['volume']} из 3")  # type: ignore[union-attr]
    subjects = [at for at in starts if "Наименование предмета" in pages[at]]
    assert all(at % 2 == 1 for at in subjects), "marks stand on the back of a sheet"
    noun = {1: "предмет", 2: "предмета", 3: "предмета", 4: "предмета"}.get(len(subjects))
    counted = f"Предметные страницы ({len(subjects)} {noun})"
    assert (counted in title) == bool(subjects)
    assert ("Предметные страницы" in title) == bool(subjects)
    for part in listed:
        assert part in contents
    assert starts[-1] % 2 == 0
    assert str(told["id"]) in pages[0]
    numbered = [label for label in reader.page_labels if label.isdecimal()]
    assert numbered == [str(number) for number in range(1, told["pages"] + 1)]  # type: ignore[operator]
    return listed


def test_a_newer_version_supersedes_volume_by_volume(thin: Town) -> None:
    before, after = printed(thin, 6), printed(thin, 8)
    assert [one["version"] for one in after] == [2] * len(after)
    assert len(after) > len(before)
    extra = [before[0]["id"]] * (len(after) - len(before))
    assert [one["supersedes"] for one in after] == [*(one["id"] for one in before), *extra]


def test_a_book_comes_back_whole(thin: Town) -> None:
    before, after = printed(thin, 6), printed(thin, 8)
    thin.sign(str(after[0]["id"]), "deputy")
    path = f"/v1/documents/{after[1]['id']}/rejection"
    sent = thin.ask("deputy", "POST", path, json={"reason": "Не та дата"})
    assert sent.status_code == 200, sent.text
    assert thin.ask("deputy", "POST", path, json={"reason": "Не та дата"}).json == sent.json
    told = [thin.document(str(one["id"])) for one in after]
    assert {(one["state"], one["turn"]) for one in told} == {("rejected", None)}
    whole = {"code": "rejected", "message": "Возвращён том 2: Не та дата"}
    own = {"code": "rejected", "message": "Не та дата"}
    assert [one["problem"] for one in told] == [whole, own, *[whole] * (len(told) - 2)]
    assert {thin.document(str(one["id"]))["state"] for one in before} == {"awaiting-deputy"}
    assert thin.log_is_whole()


def test_the_same_order_is_the_same_volumes(thin: Town) -> None:
    first = printed(thin, 6)
    assert printed(thin, 6) == first
    thin.advance(str(first[0]["id"]), "rendering", 1)
    assert len(thin.ask("journal", "GET", "/v1/documents").json["documents"]) == len(first)


def test_nothing_is_bound_by_who_comes_too_late(thin: Town) -> None:
    body = register(6)
    (journal,) = json.loads(body)["classes"]
    job = thin.order(thin.post_snapshot(body), "class-register", **{"class": journal["id"]})

    def overtaken(document: str, generation: int, _: object) -> tuple[Printout, ...]:
        made = thin.shop.print(document, generation)
        assert thin.work() == 1, "another worker is faster"
        return made

    late = Produce(thin.service.database, overtaken, thin.service.order.road)
    with pytest.raises(Overtaken):
        late(job["document"], thin.clock)
    found = thin.ask("journal", "GET", "/v1/documents").json["documents"]
    assert sorted(one["volume"] for one in found) == [1, 2, 3]
    assert thin.log_is_whole()


def test_a_file_of_more_volumes_than_there_are_is_not_the_same(thin: Town) -> None:
    last = printed(thin, 6)[-1]
    pdf = thin.ask("journal", "GET", f"/v1/documents/{last['id']}/pdf").data

    class Thick(Printer):
        """A printer that never splits, as another edition might not."""

        def books(self, content):
            return (self.book(content),)

    house = Thick(thin.settings.templates, thin.settings.fonts)
    assert Reproduce(catalogue(), house, "another")(pdf).outcome is Outcome.OTHER_EDITION
    assert Reproduce(catalogue(), house, thin.shop.forms)(pdf).outcome is Outcome.DIFFERENT
