"""The whole road on a small class: everything the demo reports is so, and again costs nothing."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from service.demo.journals import Journal
from service.demo.run import run
from service.sample.school import school

KINDS = ["class-register", "class-results", "final-summary"]
INTERRUPTED = """
import signal, sys
from pathlib import Path
from service.demo.run import run
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what runs in the background
sys.exit(run(Path(sys.argv[1]), "folder"))
"""


def small() -> Iterator[Journal]:
    """One class of the sample school with three subjects and the first lessons of each."""
    whole = school(classes=1, seed=1)
    (journal,) = whole.classes
    groups = [
        group.model_copy(update={"lessons": group.lessons[:8], "ktp": ()})
        for group in journal.groups[:3]
    ]
    cut = journal.model_copy(update={"groups": tuple(groups)})
    yield Journal(whole.model_copy(update={"classes": (cut,)}), "Маленький класс")


def children() -> set[str]:
    """Return the commands this process has started and not stopped."""
    listed = subprocess.check_output(["ps", "--ppid", str(os.getpid()), "-o", "args="], text=True)
    return {line for line in listed.splitlines() if not line.startswith("ps ")}


def entries(build: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((build / "report.json").read_text())
    return sorted(found, key=lambda entry: entry["kind"])


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert run(folder, "folder", small) == 0
    return folder


def test_everything_it_started_is_stopped(build: Path) -> None:
    assert not {one for one in children() if str(build) in one}


def test_the_report_says_what_lies_there(build: Path) -> None:
    assert [entry["kind"] for entry in entries(build)] == KINDS
    for entry in entries(build):
        pdf = (build / entry["pdf"]).read_bytes()
        assert (build / entry["docx"]).read_bytes()[:2] == b"PK"
        assert len(PdfReader(build / entry["pdf"]).pages) == entry["pages_in_file"]
        assert entry["sheets"] == -(-entry["pages"] // 2)
        assert entry["retention_years"] == (25 if entry["kind"] == "final-summary" else 5)
        assert entry["keep_until"].endswith("-12-31")
        assert [one["role"] for one in entry["signatures"]] == ["deputy", "director"]
        assert {(one["level"], one["valid"]) for one in entry["signatures"]} == {("B-LT", True)}
        assert {one["store"] for one in entry["copies"]} == {"store-a", "store-b"}
        for copy in entry["copies"]:
            kept = build / "stores" / "folder" / copy["store"] / "objects" / (copy["key"] + "@1")
            assert (kept / "document.pdf").read_bytes() == pdf
            assert copy["sha256"] == hashlib.sha256(pdf).hexdigest()
            assert copy["locked_until"].startswith(entry["keep_until"])
            assert (copy["mode"], copy["checked"]) == ("WRITE-ONCE", True)
        assert len(entry["other_copies"]) == 4
        assert entry["faults"] == []


def test_again_makes_nothing_new_whatever_was_between(build: Path) -> None:
    def kept() -> set[Path]:
        return set((build / "stores").rglob("*.pdf"))

    before, first = kept(), entries(build)
    assert run(build, "bucket", small) == 0
    modes = {copy["mode"] for entry in entries(build) for copy in entry["copies"]}
    assert modes == {"COMPLIANCE"}, "other stores in the same folder begin anew"
    assert run(build, "folder", small) == 0
    assert kept() == before
    same = ("document", "version", "pages", "sheets", "keep_until", "signatures", "pdf")
    assert [[entry[key] for key in same] for entry in entries(build)] == [
        [entry[key] for key in same] for entry in first
    ]


def test_a_thick_register_is_followed_in_volumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEDOMOST_SCHOOLS__OBRAZETS__OPTIONS__VOLUME_SHEETS", "10")
    assert run(tmp_path, "folder", small) == 0
    bound = [entry for entry in entries(tmp_path) if "volume" in entry]
    assert [(one["kind"], one["volume"], one["volumes"]) for one in bound] == [
        ("class-register", 1, 2),
        ("class-register", 2, 2),
    ]
    for one in bound:
        assert one["sheets"] <= 10
        assert {copy["checked"] for copy in one["copies"]} == {True}
        assert f"_volume{one['volume']}_" in one["pdf"]
        assert (tmp_path / one["pdf"]).exists()
    assert len(entries(tmp_path)) == len(KINDS) + 1


def test_a_spoiled_copy_is_told_and_fails_the_demo(
    build: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = entries(build)[0]["copies"][1]
    store = build / "stores" / "folder" / victim["store"]
    file = store / "objects" / (victim["key"] + "@1/document.pdf")
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole[:-1] + b"?")
    try:
        assert run(build, "folder", small) == 1
    finally:
        file.write_bytes(whole)
        file.chmod(0o444)
    assert "хеш-суммой" in capsys.readouterr().out
    (spoiled,) = [one for one in entries(build)[0]["copies"] if not one["checked"]]
    assert spoiled["store"] == victim["store"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    log = tmp_path / "service.log"
    deadline = time.monotonic() + 120
    while not (log.exists() and log.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.1)
    demo.send_signal(number)
    said, _ = demo.communicate(timeout=120)
    assert demo.returncode == 130
    assert "Остановлено" in said
    running = subprocess.check_output(["ps", "-eo", "args="], text=True)
    assert str(tmp_path) not in running


def test_an_unknown_kind_of_store_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "tape", small) == 1
    assert "bucket и folder" in capsys.readouterr().out
