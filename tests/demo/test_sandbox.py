"""A newcomer's first hour: what the README says to type leads to a signed, archived register."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 140.0


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Path]:
    """The folder of a running sandbox, ended by SIGTERM."""
    build = tmp_path / "build" / "sandbox"
    log = tmp_path / "log"
    with log.open("wb") as sink:
        words = [sys.executable, "-m", "service", "sandbox", "--build", str(build)]
        process = subprocess.Popen(words, stdout=sink, stderr=sink, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while not (build / "env").exists():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    yield build
    process.send_signal(signal.SIGTERM)
    try:
        assert process.wait(PATIENCE) == 0, log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_what_the_readme_says_to_type_works(sandbox: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    section = readme.partition("## Integrate your journal")[2].partition("\n## ")[0]
    (script,) = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    folder = sandbox.parents[1]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    verified = json.loads(done.stdout)
    assert verified["valid"] is True
    assert [one["level"] for one in verified["signatures"]] == ["B-LT", "B-LT"]
    assert (folder / "register.pdf").read_bytes().startswith(b"%PDF-")
