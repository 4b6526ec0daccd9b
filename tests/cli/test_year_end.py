"""`vedomost year-end`: counted from a file without a server, or from the ledger; begun there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner
from school_year import journal
from town import SCHOOL, Clock, Town, settings_file

from service.cli import main
from service.settings import load


def told(*arguments: str) -> dict[str, object]:
    found = CliRunner().invoke(main, ["year-end", *arguments, "--json"], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return dict(json.loads(found.stdout.splitlines()[-1]))


def refused(*arguments: str) -> str:
    found = CliRunner().invoke(main, ["year-end", *arguments])
    assert found.exit_code not in {0, 2}, found.output
    return found.output


def test_counted_from_a_file_and_from_the_ledger_alike(tmp_path: Path) -> None:
    body = journal(datetime(2027, 6, 14, tzinfo=UTC), "c8a", closed=True)
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_bytes(body)
    counted = told(str(snapshot), "--dry-run", "--processes", "1")
    assert (counted["documents"], counted["refused"]) == (1, 1)

    file = settings_file(tmp_path, None)
    town = Town(tmp_path, load(file, {}), None, Clock(datetime(2027, 6, 14, tzinfo=UTC)))
    where = ("--school", SCHOOL, "--year", "2026/2027", "--settings", str(file))
    assert "снимков ещё нет" in refused(*where, "--dry-run")
    town.post_snapshot(body)
    for year in ("1999/2000", "1999"):
        wrong = refused(*where, "--year", year, "--dry-run")
        assert f"{year} у школы нет. Известны: 2026/2027." in wrong
    assert "Прогон не начат" in refused(*where, "--year", "1999/2005")
    same = told(*where, "--dry-run")
    assert {key: same[key] for key in ("pages", "sheets", "refused", "missing")} == {
        "pages": counted["pages"],
        "sheets": counted["sheets"],
        "refused": 1,
        "missing": [],
    }
    begun = told(*where)
    assert (begun["new"], begun["counts"]) == (True, {"planned": 2})
    assert told(*where) == begun | {"new": False}
    town.close()


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_bytes(b"{}")
    for arguments in ([], [str(snapshot)], [str(snapshot), "--school", SCHOOL]):
        assert CliRunner().invoke(main, ["year-end", *arguments]).exit_code == 2
