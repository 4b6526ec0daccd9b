"""Plain WeasyPrint: the whole page laid out from HTML, as most print services do."""

from __future__ import annotations

from typing import Any

from weasyprint import HTML

from benchmarks.harness.task import Watch, peak
from benchmarks.peers.html import document
from benchmarks.peers.sheet import read


def pdf(watch: Watch, source: str, warm: str, spreads: int) -> dict[str, Any]:
    """Print the first spreads of a register; it takes about a second a page."""
    HTML(string=document(read(warm)[:1])).write_pdf()
    page = document(read(source)[:spreads])
    before = peak()
    with watch.running():
        laid = HTML(string=page).render()
        body = laid.write_pdf()
    return {"pages": len(laid.pages), "bytes": len(body), "grown": peak() - before}
