"""One command runs the service; it stops when told, restarts what dies, says what is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from town import CLASS, SCHOOL, SNAPSHOT, TERM, TOKENS, free_port, settings_file

PATIENCE = 120.0


def start(file: Path) -> subprocess.Popen[bytes]:
    with (file.parent / "serve.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--settings", file],
            stdout=log,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    listen = f"127.0.0.1:{free_port()}"
    process = start(settings_file(tmp_path, None, listen))
    try:
        yield f"http://{listen}"
        process.terminate()
        assert process.wait(PATIENCE) == 0, (tmp_path / "serve.log").read_text()
    finally:
        process.kill()
        process.wait()


def wait_until_ready(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            assert time.monotonic() < until
        time.sleep(0.2)


def children(of: str) -> list[int]:
    """Numbers of the processes of this test's service whose command has a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if of.encode() in words and any(b"vedomost.toml" in one for one in words):
                found.append(int(entry.name))
    return found


@pytest.mark.timeout(400)
def test_prints_over_http_and_survives_its_web(address: str, tmp_path: Path) -> None:
    wait_until_ready(address)
    with httpx.Client(
        base_url=address, headers={"Authorization": f"Bearer {TOKENS['journal']}"}, timeout=120
    ) as client:
        path = f"/v1/schools/{SCHOOL}"
        posted = client.post(
            f"{path}/snapshots", content=SNAPSHOT, headers={"Content-Type": "application/json"}
        )
        order = {
            "snapshot": posted.json()["id"],
            "kind": "class-results",
            "class": CLASS,
            "term": TERM,
        }
        job = client.post(f"{path}/jobs", json=order)
        assert job.status_code == 202
        until = time.monotonic() + PATIENCE
        while (told := client.get(job.headers["Location"], params={"wait": 30}).json())[
            "state"
        ] != "done":
            assert time.monotonic() < until, told
        assert client.get(f"/v1/documents/{told['document']}/pdf").content.startswith(b"%PDF")

        mine = [pid for pid in children("web") if str(tmp_path) in _command(pid)]
        for pid in mine:
            os.kill(pid, signal.SIGKILL)
        wait_until_ready(address)
        assert client.get(job.headers["Location"]).json()["state"] == "done"


def test_wrong_settings_end_at_once(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None, f"127.0.0.1:{free_port()}")
    file.write_text(file.read_text() + "\n[webb]\n")
    assert start(file).wait(PATIENCE) == 3
    assert "webb: неизвестный ключ" in (tmp_path / "serve.log").read_text()


@pytest.mark.timeout(200)
def test_what_keeps_it_from_starting_is_said(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None, f"127.0.0.1:{free_port()}")
    (tmp_path / "data").write_text("не папка")
    assert start(file).wait(PATIENCE) == 6
    assert "Папка данных" in (tmp_path / "serve.log").read_text()


def _command(pid: int) -> str:
    return (Path("/proc") / str(pid) / "cmdline").read_bytes().decode()
