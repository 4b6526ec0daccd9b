"""Chromium's print-to-PDF of the same HTML, one browser a book; its start is counted."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pypdf import PdfReader

from benchmarks.harness.task import Watch, adopt, await_orphans
from benchmarks.peers.html import document
from benchmarks.peers.sheet import read

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def pdf(watch: Watch, source: str, program: str) -> dict[str, Any]:
    """Print a register; processes the browser leaves behind are waited for and counted."""
    adopt()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, made = Path(folder, "register.html"), Path(folder, "register.pdf")
        page.write_text(document(read(source)))
        profile = f"--user-data-dir={folder}/profile"
        with watch.running():
            subprocess.run(
                [program, *FLAGS, profile, f"--print-to-pdf={made}", page.as_uri()],
                check=True,
                capture_output=True,
            )
            await_orphans()
        return {"pages": len(PdfReader(made).pages), "bytes": made.stat().st_size}
