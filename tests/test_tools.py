"""A missing tool is a failure with its name, never a skipped test."""

from __future__ import annotations

import ctypes
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = [
    line.split()
    for line in (ROOT / ".ci" / "packages").read_text().splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("package", "proof"),
    [(package, proof) for _, package, proof in PACKAGES],
    ids=lambda name: name,
)
def test_machine_has(package, proof):
    if ".so." in proof:
        ctypes.CDLL(proof)
    elif proof.startswith("/"):
        assert any(Path("/").glob(proof.lstrip("/"))), f"install {package}"
    else:
        assert shutil.which(proof), f"install {package}"
