"""The running service does what its description says: Schemathesis, all checks, a fixed seed.

`make schemathesis` gives it every phase and no hurry; here it has a quick look at each operation.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from town import SCHOOL, Clock, Town, free_port, settings_file

from service.domain.rights import Duty
from service.settings import load

TESTS = Path(__file__).parents[1]
CONFIG = TESTS / "schemathesis.toml"
ALL = "vd_everybody_" + "e" * 43
SPELLS: dict[str, tuple[str, ...]] = {  # what is looked at, and how long
    "each operation": ("--phases", "examples,fuzzing", "--max-examples", "2"),
    "one after another": ("--phases", "stateful", "--max-time", "12"),
}
if "VEDOMOST_SCHEMATHESIS" in os.environ:
    SPELLS = {
        "each operation": ("--phases", "examples,coverage,fuzzing", "--max-examples", "40"),
        "one after another": ("--phases", "stateful", "--max-time", "300"),
    }
LOOSE = """
[access.limits]
per_minute = 1000000
strangers_per_minute = 1000000
logins_per_minute = 1000
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A school with printed documents, served by a process of its own."""
    folder = tmp_path_factory.mktemp("kept")
    listen = f"127.0.0.1:{free_port()}"
    duties = [one.value for one in Duty if one is not Duty.TEACHER]
    everybody = f"""
[[tokens]]
id = "everybody"
sha256 = "{sha256(ALL.encode()).hexdigest()}"
school = "{SCHOOL}"
roles = {json.dumps(duties)}
"""
    file = settings_file(folder, None, listen, everybody, LOOSE)
    file.write_text(file.read_text().replace("[web]", "[web]\nverify_per_minute = 10000"))
    town = Town(folder, load(file, {}), None, Clock(datetime.now(UTC)))
    town.printed()
    town.order(town.post_snapshot(), "class-register")
    town.close()
    with (folder / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "service", "web", "--settings", file],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://{listen}/livez")
        yield f"http://{listen}"
        assert "unforeseen" not in (folder / "web.log").read_text()
    finally:
        web.terminate()
        web.wait(60)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("spell", SPELLS)
def test_service_keeps_its_word(address: str, tmp_path: Path, spell: str) -> None:
    config = tmp_path / "schemathesis.toml"
    token = f'headers = {{ Authorization = "Bearer {ALL}" }}'
    school = f'[parameters]\n"path.school" = "{SCHOOL}"'
    config.write_text(f"{token}\n{school}\n{CONFIG.read_text()}")
    judged = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(config), "run", f"{address}/v1/openapi.json"),
            *("--checks", "all", "--seed", "20270615", "--no-shrink", "--no-color"),
            *("--warnings", "off", *SPELLS[spell]),
        ],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_bodies", "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{address} is silent")
