"""The client is what the service's own description makes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_client_is_made_of_todays_description() -> None:
    words = [sys.executable, str(ROOT / ".ci" / "client.py"), "--check"]
    made = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
