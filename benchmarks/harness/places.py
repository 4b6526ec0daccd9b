"""Where the benchmarks read and write."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "fonts"
TEMPLATES = ROOT / "templates"
RESULTS = ROOT / "build" / "bench.json"
PROFILE = ROOT / "build" / "profile.txt"
WORK = ROOT / "build" / "bench"
