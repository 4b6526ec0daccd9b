"""What `pip install .` lays down is the whole program: forms and fonts come along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from hatchling.build import build_wheel

TREE = Path(__file__).resolve().parents[1]


def test_a_wheel_has_the_forms_and_fonts_it_prints_with(tmp_path, monkeypatch):
    monkeypatch.chdir(TREE)
    with ZipFile(tmp_path / build_wheel(str(tmp_path))) as wheel:
        wheel.extractall(tmp_path / "site")
    found = subprocess.run(
        [sys.executable, "-c", "from service.settings import ROOT; print(ROOT)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    house = Path(found)
    assert house.is_relative_to(tmp_path / "site")
    for part in ("templates", "fonts"):
        laid = {path.relative_to(house) for path in (house / part).rglob("*") if path.is_file()}
        kept = {path.relative_to(TREE) for path in (TREE / part).rglob("*") if path.is_file()}
        assert laid == kept
