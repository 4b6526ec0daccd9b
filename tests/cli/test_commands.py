"""Commands as a person types them: files out, words and exit codes for what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from town import CLASS, SNAPSHOT, Town

from service.cli import COMMANDS, main
from service.domain.intake.parsing import parse

TWIN = {**json.loads(SNAPSHOT)["classes"][0], "id": "twin"}
TWINS = json.dumps(
    {**json.loads(SNAPSHOT), "classes": [*json.loads(SNAPSHOT)["classes"], TWIN]}
).encode()


def run(*words: str, **given: object) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False, **given)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    file = tmp_path / "snapshot.json"
    file.write_bytes(SNAPSHOT)
    return file


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_is(name: str) -> None:
    told = run(name, "--help")
    assert told.exit_code == 0
    assert any("а" <= letter <= "я" for letter in told.output)


def test_sample_is_a_snapshot_the_service_takes(tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    assert run("sample", "--classes", "1", "--seed", "7", "-o", str(file)).exit_code == 0
    assert len(parse(file.read_bytes()).classes) == 1
    assert run("sample", "--seed", "7").stdout_bytes == file.read_bytes()


def test_produce_then_reproduce(snapshot: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("produce", str(snapshot), "--kind", "class-results", "--class", CLASS, "--json")
    printed = run(*words, "--issued-at", "2027-06-15T10:32:00+0500", "--out", str(out))
    assert (printed.exit_code, json.loads(printed.output)["file"]) == (0, "class-results-c8a-q1")
    assert {file.suffix for file in out.iterdir()} == {".pdf", ".docx"}
    again = run("reproduce", str(out / "class-results-c8a-q1.pdf"))
    assert (again.exit_code, "байт в байт" in again.output) == (0, True)


def test_a_class_may_be_named_as_it_is_printed(snapshot: Path, tmp_path: Path) -> None:
    words = ("--kind", "class-results", "--class", "8 а", "--json", "--out", str(tmp_path))
    printed = run("produce", str(snapshot), *words)
    assert json.loads(printed.output)["file"] == "class-results-c8a-q1"


def test_a_thick_register_is_produced_in_volumes(tmp_path: Path) -> None:
    file, out = tmp_path / "sample.json", tmp_path / "out"
    assert run("sample", "-o", str(file)).exit_code == 0
    words = ("produce", str(file), "--kind", "class-register", "--volume-sheets", "50")
    printed = run(*words, "--json", "--out", str(out))
    told = [json.loads(line) for line in printed.output.splitlines()]
    assert [(one["volume"], one["volumes"]) for one in told] == [(1, 2), (2, 2)]
    assert {file.name for file in out.iterdir()} == {
        f"{one['file']}.{suffix}" for one in told for suffix in ("pdf", "docx")
    }
    assert all(one["file"].endswith(f"-volume-{one['volume']}") for one in told)
    again = run("reproduce", *(str(out / f"{one['file']}.pdf") for one in told))
    assert (again.exit_code, again.output.count("байт в байт")) == (0, 2)


def test_what_cannot_be_printed_is_told(snapshot: Path, tmp_path: Path) -> None:
    told = run("produce", str(snapshot), "--kind", "final-summary", "--out", str(tmp_path))
    assert told.exit_code == 1
    assert "Не выставлены итоговые отметки" in told.stderr


@pytest.mark.parametrize(
    ("body", "words", "code", "said"),
    [
        (SNAPSHOT, ("--kind", "nothing"), 3, "class-register"),
        (SNAPSHOT, ("--class", "c9"), 3, "c8a (8А)"),
        (TWINS, ("--class", "8А"), 3, "несколько, укажите id: c8a, twin"),
        (b"{,}", (), 3, "Строка 1, столбец 2"),
        (b"{}", (), 3, "missing-key"),
    ],
)
def test_bad_input_ends_in_words(
    snapshot: Path, body: bytes, words: tuple[str, ...], code: int, said: str
) -> None:
    snapshot.write_bytes(body)
    told = run("produce", str(snapshot), *words)
    assert told.exit_code == code
    assert said in told.stderr


def test_a_folder_that_cannot_be_written_is_named(snapshot: Path) -> None:
    told = run("produce", str(snapshot), "--out", str(snapshot / "out"))
    assert told.exit_code == 6
    assert f"{snapshot / 'out'}: на её пути стоит файл" in told.output


def test_verify(town: Town, tmp_path: Path) -> None:
    document = town.printed()
    town.sign(document, "deputy")
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(town.ask("deputy", "GET", f"/v1/documents/{document}/pdf").data)
    settings = ("--settings", str(town.folder / "vedomost.toml"))
    good = run("verify", str(pdf), *settings, "--json")
    assert good.exit_code == 0
    assert json.loads(good.output)["signatures"][0]["valid"] is True
    pdf.write_bytes(pdf.read_bytes().replace(b"/MediaBox", b"/MediaBoy", 1))
    bad = run("verify", str(pdf), *settings)
    assert (bad.exit_code, "НЕ ВЕРНА" in bad.output) == (1, True)


def test_verify_asks_whose_certificates_count(snapshot: Path) -> None:
    told = run("verify", str(snapshot), "--settings", str(snapshot.with_name("none.toml")))
    assert told.exit_code == 3
    assert "--trust" in told.stderr
