"""What an operator keeps comes up elsewhere: ledger first, then files, then stores."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner
from databases import Fresh
from town import Town, another_snapshot, settings_file

from service.cli import main
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


def test_backup_comes_up_in_another_place(
    town: Town, tmp_path: Path, fresh_postgresql: Fresh
) -> None:
    archived = town.signed()
    while town.work():
        pass
    assert town.document(archived)["state"] == "archived"
    begun = town.order(town.post_snapshot(another_snapshot()))["document"]
    town.work()

    backup, anew = tmp_path / "backup", tmp_path / "anew"
    for folder in (backup, anew):
        folder.mkdir()
    ledger = kept(town.settings.ledger, backup)
    database = ""
    without = shutil.ignore_patterns("vedomost.db*")
    shutil.copytree(town.settings.data, backup / "data", ignore=without, symlinks=True)
    for store in "AB":
        shutil.copytree(town.folder / store, backup / store)
    town.sign(begun, "deputy")  # after the backup: it is not known there

    shutil.copytree(backup / "data", anew / "data", symlinks=True)
    if ledger.name == "ledger.dump":
        database = fresh_postgresql()
        restore = [program("pg_restore"), "--clean", "--if-exists", "--no-owner", "-d", database]
        subprocess.run([*restore, ledger], check=True)
    else:
        shutil.copy(ledger, anew / "data")
    listen = f"127.0.0.1:{kept_port()}"
    file = settings_file(anew, town.authority, listen, database=database)
    file.chmod(0o600)
    for store in "AB":
        shutil.rmtree(anew / store)
        shutil.copytree(backup / store, anew / store)

    ran = CliRunner().invoke(main, ["doctor", "--settings", str(file), "--json"])
    found = {one["name"]: one["status"] for one in json.loads(ran.output)["checks"]}
    assert "fail" not in found.values(), ran.output
    assert {found[name] for name in ("database", "engine", "store-primary", "store-replica")} == {
        "ok"
    }
    restored = Town(anew, load(file, {}), town.authority, town.clock)
    try:
        path = f"/v1/documents/{archived}/verification"
        assert restored.ask("journal", "GET", path).json["valid"] is True
        assert restored.document(begun)["state"] == "awaiting-deputy"
        restored.sign(begun, "deputy")
        restored.sign(begun, "director")
        while restored.work():
            pass
        assert restored.document(begun)["state"] == "archived"
        assert restored.log_is_whole()
    finally:
        restored.close()
