"""What an operator keeps comes up elsewhere: ledger first, then files, then stores."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from databases import Fresh
from town import SCHOOL, Town, another_snapshot, settings_file

from service.cli import main
from service.ledger.agreement import disagreements
from service.settings import load
from signing.authority.ports import kept_port


def kept(database: str, place: Path) -> Path:
    """Keep a ledger as README says; return the file."""
    if database.startswith("postgresql"):
        file = place / "ledger.dump"
        subprocess.run([program("pg_dump"), "-Fc", "-f", file, database], check=True)
        return file
    file = place / "vedomost.db"
    with (
        closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        source.backup(target)
    return file


def program(name: str) -> Path:
    return max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))


class Kept:
    """A backup of a town, made as README says."""

    def __init__(self, town: Town, place: Path, fresh: Fresh) -> None:
        place.mkdir()
        self.town, self.place, self.fresh = town, place, fresh
        self.ledger = kept(town.settings.ledger, place)
        without = shutil.ignore_patterns("vedomost.db*")
        shutil.copytree(town.settings.data, place / "data", ignore=without, symlinks=True)
        self.keep_stores(town.folder)

    def keep_stores(self, folder: Path) -> None:
        """Keep the stores as they are by now: they are locked and never go back."""
        for store in "AB":
            shutil.rmtree(self.place / store, ignore_errors=True)
            shutil.copytree(folder / store, self.place / store)

    def restored(self, anew: Path) -> Path:
        """Restore into another folder and another database; return the settings there."""
        anew.mkdir()
        shutil.copytree(self.place / "data", anew / "data", symlinks=True)
        database = ""
        if self.ledger.name == "ledger.dump":
            database = self.fresh()
            restore = [program("pg_restore"), "--clean", "--if-exists", "--no-owner"]
            subprocess.run([*restore, "-d", database, self.ledger], check=True)
        else:
            shutil.copy(self.ledger, anew / "data")
        listen = f"127.0.0.1:{kept_port()}"
        file = settings_file(anew, self.town.authority, listen, database=database)
        file.chmod(0o600)
        for store in "AB":
            shutil.rmtree(anew / store)
            shutil.copytree(self.place / store, anew / store)
        return file


Restored = Callable[[Path], Town]


@pytest.fixture
def up(town: Town) -> Iterator[Restored]:
    """Bring the service up by the settings of a restored place."""
    running: list[Town] = []

    def start(file: Path) -> Town:
        running.append(Town(file.parent, load(file, {}), town.authority, town.clock))
        return running[-1]

    yield start
    for one in running:
        one.close()


def command(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_backup_comes_up_in_another_place(
    town: Town, tmp_path: Path, fresh_postgresql: Fresh, up: Restored
) -> None:
    archived = town.signed()
    while town.work():
        pass
    assert town.document(archived)["state"] == "archived"
    begun = town.order(town.post_snapshot(another_snapshot()))["document"]
    town.work()
    backup = Kept(town, tmp_path / "backup", fresh_postgresql)
    town.sign(begun, "deputy")  # after the backup: it is not known there

    file = backup.restored(tmp_path / "anew")
    ran = command("doctor", "--settings", str(file), "--json")
    found = {one["name"]: one["status"] for one in json.loads(ran.output)["checks"]}
    assert "fail" not in found.values(), ran.output
    assert {found[name] for name in ("database", "engine", "store-primary", "store-replica")} == {
        "ok"
    }
    restored = up(file)
    path = f"/v1/documents/{archived}/verification"
    assert restored.ask("journal", "GET", path).json["valid"] is True
    assert restored.document(begun)["state"] == "awaiting-deputy"
    restored.sign(begun, "deputy")
    restored.sign(begun, "director")
    while restored.work():
        pass
    assert restored.document(begun)["state"] == "archived"
    assert restored.log_is_whole()


def test_what_was_archived_after_the_backup_is_taken_back(
    town: Town, tmp_path: Path, fresh_postgresql: Fresh, up: Restored
) -> None:
    signed_later, signed_again = town.printed(), town.printed("class-register")
    backup = Kept(town, tmp_path / "backup", fresh_postgresql)
    for document in (signed_later, signed_again):
        sign_and_archive(town, document)
    newer = town.order(town.post_snapshot(another_snapshot()))["document"]
    town.work()
    sign_and_archive(town, newer)
    originals = {name: town.document(name) for name in (signed_later, signed_again, newer)}
    backup.keep_stores(town.folder)

    file = backup.restored(tmp_path / "anew")
    before = held(file.parent)
    restored = up(file)
    town.clock.pass_by(hours=1)
    sign_and_archive(restored, signed_again)  # nobody asked the archive first
    ran = command("recall", "--settings", str(file), "--json")
    assert json.loads(ran.stdout) == {"recalled": [signed_later], "refused": []}, ran.output
    while restored.work():
        pass
    assert restored.order(restored.post_snapshot(another_snapshot()))["document"] == newer
    restored.work()
    sign_and_archive(restored, newer)
    for document, original in originals.items():
        found = restored.document(document)
        told = ("state", "pdf_sha256", "docx_sha256", "signatures", "keep_until")
        assert {name: found[name] for name in told} == {name: original[name] for name in told}
        path = f"/v1/documents/{document}/verification"
        assert restored.ask("journal", "GET", path).json["valid"] is True
    assert held(file.parent) == before
    assert restored.log_is_whole()
    assert not list(disagreements(restored.service.database, lambda _, __: None))
    ran = command("recall", "--settings", str(file), "--json")
    assert json.loads(ran.stdout) == {"recalled": [], "refused": []}


def sign_and_archive(town: Town, document: str) -> None:
    town.sign(document, "deputy")
    town.sign(document, "director")
    while town.work():
        pass
    assert town.document(document)["state"] == "archived"


def held(folder: Path) -> dict[Path, bytes]:
    """Return what lies in both stores of a folder, the canaries left out."""
    return {
        file: file.read_bytes()
        for store in "AB"
        for file in (folder / store / "objects" / SCHOOL).rglob("*")
        if file.is_file()
    }
