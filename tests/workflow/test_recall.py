"""A ledger goes back to its backup while the archive stays: originals are taken back from there."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from gost_authority import GostAuthority
from sittings import DEPUTY, DIRECTOR, answered, opened, printed, values
from town import Town

from service.archive.store import ObjectExists
from service.bootstrap.ground import stores
from service.bootstrap.recalling import recall
from service.jobs.engine import Dispatcher
from service.ledger.agreement import disagreements
from service.ledger.road import Road
from service.settings import load
from service.workflow.signing.recall import RecallSigned


class Backup:
    """The ledger of a town on SQLite as it was."""

    def __init__(self, town: Town, place: Path) -> None:
        self.kept = place / "kept.db"
        with (
            closing(sqlite3.connect(town.settings.data / "vedomost.db")) as source,
            closing(sqlite3.connect(self.kept)) as target,
        ):
            source.backup(target)

    def restored(self, town: Town) -> Town:
        """Put it back under the town's own files and stores."""
        town.close()
        for file in town.settings.data.glob("vedomost.db*"):
            file.unlink()
        shutil.copy(self.kept, town.settings.data / "vedomost.db")
        return Town(town.folder, town.settings, town.authority, town.clock)


@pytest.fixture
def recalling() -> Iterator[Callable[[Town], RecallSigned]]:
    """What takes originals back, as the command and a worker do."""
    called: list[Dispatcher] = []

    def made(town: Town) -> RecallSigned:
        called.append(Dispatcher.at(town.service.database.url))
        store = stores(town.settings, town.clock)
        return recall(town.settings, town.service.database, Road(called[-1]), store)

    yield made
    for one in called:
        one.close()


def work(town: Town) -> None:
    while town.work():
        pass


def test_gost_signatures_of_pdf_and_docx_are_taken_back(
    national: Town,
    gost: GostAuthority,
    tmp_path: Path,
    recalling: Callable[[Town], RecallSigned],
) -> None:
    (document,) = printed(national, 1)
    backup = Backup(national, tmp_path)
    for role in (DEPUTY, DIRECTOR):
        key = gost.key(role)
        session = opened(national, role, [document], key).json
        answer = values(session["items"][0], key)
        assert answered(national, session, document, answer).json["state"] == "signed"
    work(national)
    original = national.document(document)
    assert original["state"] == "archived"
    p7s = national.ask(DIRECTOR, "GET", f"/v1/documents/{document}/docx.p7s").data

    back = backup.restored(national)
    assert back.document(document)["state"] == "awaiting-deputy"
    take = recalling(back)
    assert take(document, back.clock())
    assert not take(document, back.clock())
    work(back)
    found = back.document(document)
    told = ("state", "pdf_sha256", "docx_sha256", "signatures", "keep_until")
    assert {name: found[name] for name in told} == {name: original[name] for name in told}
    assert back.ask(DIRECTOR, "GET", f"/v1/documents/{document}/docx.p7s").data == p7s
    report = back.ask(DIRECTOR, "GET", f"/v1/documents/{document}/verification").json
    assert report["valid"] is True
    assert not list(disagreements(back.service.database, lambda _, __: None))
    back.close()


def test_an_original_of_other_people_is_refused_and_nothing_changes(
    sealed_town: Town, tmp_path: Path, recalling: Callable[[Town], RecallSigned]
) -> None:
    document = sealed_town.printed()
    backup = Backup(sealed_town, tmp_path)
    for role in ("deputy", "seal", "director"):
        sealed_town.sign(document, role)
    work(sealed_town)
    sealed_town.close()

    file = sealed_town.folder / "vedomost.toml"
    said = file.read_text("utf-8")
    file.write_text(said.replace("Светлова Анна Юрьевна", "Рощин Глеб Маркович"), "utf-8")
    back = backup.restored(replace(sealed_town, settings=load(file, {})))
    before = back.document(document)
    with pytest.raises(ObjectExists, match="не записан в настройках школы как директор"):
        recalling(back)(document, back.clock())
    assert back.document(document) == before
    back.close()

    file.write_text(said, "utf-8")
    back = backup.restored(replace(back, settings=load(file, {})))
    assert recalling(back)(document, back.clock())
    work(back)
    found = back.document(document)
    assert found["state"] == "archived"
    assert [one["role"] for one in found["signatures"]] == ["deputy", "seal", "director"]
    back.close()
