"""`vedomost renew`: what was attested and renewed, what is due when, what could not be."""

from __future__ import annotations

import json
from pathlib import Path

from ages import RENEWED, Ages
from click.testing import CliRunner, Result
from office import DAY, SUMMARY, Office, trees

from service.cli import main


def run(town_folder: Path, *words: str, tsa: str = "") -> Result:
    """Run the command on the town's settings, with other timestamps if named."""
    file = town_folder / "vedomost.toml"
    if tsa:
        lines = file.read_text("utf-8").splitlines()
        lines = [f"tsa = [{json.dumps(tsa)}]" if one.startswith("tsa =") else one for one in lines]
        file.write_text("\n".join(lines), "utf-8")
    words = ("renew", "--settings", str(file), *words)
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_from_the_first_round_to_a_missed_one(office: Office, ages: Ages) -> None:
    town, made = office
    at = ("--at", f"{DAY:%Y-%m-%dT%H:%M}")
    dry = run(town.folder, *at, "--dry-run")
    assert dry.exit_code == 0
    assert "проба, ничего не изменено" in dry.output
    assert "Ждут доказательства: 2\u00a0документа" in dry.output
    assert trees(town) == ()
    with ages.alive(DAY, "first"):
        done = run(town.folder, *at)
    assert done.exit_code == 0
    (tree,) = trees(town)
    assert f"Составлено дерево {tree.id} (sha256, 2\u00a0документа" in done.output
    assert "действует до 27.05.2036), продлить с 28.05.2035" in done.output
    assert "Файлов доказательств положено в хранилища: 2" in done.output

    early = run(town.folder, "--at", "2035-05-01", "--dry-run")
    assert "Новых документов для доказательства нет" in early.output
    assert "продлить с 28.05.2035" in early.output
    later = ("--at", f"{RENEWED:%Y-%m-%dT%H:%M}")
    assert "пора продлить" in run(town.folder, *later, "--dry-run").output
    with ages.alive(RENEWED, "first", "second"):
        done = run(town.folder, *later, tsa=ages["second"].timestamp_url)
    assert done.exit_code == 0
    assert f"Продлено дерево {tree.id}" in done.output
    assert "действует до 27.12.2047" in done.output

    told = run(town.folder, "--at", "2048-01-01", "--json")
    assert told.exit_code == 1
    (line,) = json.loads(told.output)["trees"]
    assert (line["tree"], line["fate"], line["documents"]) == (tree.id, "missed", 2)
    assert "СРОК УПУЩЕН" in run(town.folder, "--at", "2048-01-01").output
    assert made[SUMMARY] not in told.output


def test_what_could_not_be_done_is_told(office: Office, ages: Ages) -> None:
    town, _ = office
    nobody = run(town.folder, "--at", f"{DAY:%Y-%m-%d}")
    assert nobody.exit_code == 6
    assert "Служба меток времени не отвечает" in nobody.stderr
    with ages.alive(DAY, "first"):
        other = run(town.folder, "--at", "2035-01-01")
    assert other.exit_code == 6
    assert "для пробы на другую дату нужна служба меток с теми же часами" in other.stderr
    assert trees(town) == ()
    wrong = run(town.folder, "--at", "завтра")
    assert wrong.exit_code == 2


def test_a_digest_that_goes_out_of_use_is_told(office: Office, ages: Ages) -> None:
    town, _ = office
    file = town.folder / "vedomost.toml"
    text = file.read_text("utf-8")
    settings = "[signing]\ndeprecated_digests = { sha256 = 2030-01-01 }"
    file.write_text(text.replace("[signing]", settings), "utf-8")
    with ages.alive(DAY, "first"):
        fine = run(town.folder, "--at", f"{DAY:%Y-%m-%dT%H:%M}")
    assert (fine.exit_code, fine.stderr) == (0, "")
    told = run(town.folder, "--at", "2029-06-01", "--dry-run")
    assert told.exit_code == 3
    assert "signing.evidence_digest" in told.stderr
