"""How an order goes, as its rows of the ledger tell."""

from __future__ import annotations

from typing import Literal

from service.ledger.documents import Document, State
from service.ledger.printing.jobs import Job
from service.ledger.printing.steps import Step
from service.web.jobs.models import JobTold


def job_told(
    job: Job, document: Document, step: Step | None, seconds_left: int | None = None
) -> JobTold:
    """Return how an order goes; the document and its printing step know."""
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    if document.state is State.CANCELLED:
        state = "cancelled"
    elif document.state is State.FAILED and document.failed_in is State.RENDERING:
        state = "failed"
    elif document.state is not State.RENDERING:
        state = "done"
    elif step is None or step.starts == 0:
        state = "queued"
    else:
        state = "running"
    ended = state in {"failed", "cancelled"}
    problem = document.problem if ended else (step.problem if step else None)
    printed = max(step.pages if step else 0, document.pages or 0)
    total = (step.pages_total if step else None) or document.pages
    return JobTold(
        id=job.id,
        state=state,
        batch=job.batch,
        created_at=job.created_at,
        percent=100 if state == "done" else (step.percent if step else 0),
        step=step.doing if step and state == "running" else "",
        pages_done=(total or 0) if state == "done" else printed,
        pages_total=total,
        estimate_seconds=seconds_left if state in {"queued", "running"} else None,
        document=document.id,
        problem=None if state == "done" else problem,
    )
