"""What takes a while, followed to its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from service.client.errors import ServiceSilent
from service.client.operations import Operations
from service.client.told import DocumentTold, JobTold, PackageListed

POLL = 20  # seconds the service is asked to wait for the end of a job
LOOK = 0.1  # seconds between two looks at a document
PAGE = 200  # of a list at once
GOING = frozenset({"queued", "running"})
STUCK = frozenset({"failed", "rejected", "cancelled"})


def follow(service: Operations, job: JobTold) -> Iterator[JobTold]:
    """Yield a job whenever something about it changed, last when it has ended."""
    yield job
    while job.state in GOING:
        now = service.get_job(job.id, wait=POLL)
        if now != job:
            yield now
        job = now


def wait_for(service: Operations, document: str, state: str, patience: float) -> DocumentTold:
    """Return a document once it is in a state; ServiceSilent after `patience` seconds."""
    until = time.monotonic() + patience
    while True:
        found = service.get_document(document)
        if found.state == state:
            return found
        if found.state in STUCK or time.monotonic() > until:
            raise ServiceSilent(
                f"Документ {document} остался в состоянии «{found.state}», ждали «{state}». "
                f"{found.problem.message if found.problem else ''}".rstrip()
            )
        time.sleep(LOOK)


def every_document(service: Operations, **chosen: Any) -> Iterator[DocumentTold]:
    """Yield all documents that are chosen as in `list_documents`, page after page."""
    page = service.list_documents(limit=PAGE, **chosen)
    yield from page.documents
    while page.next is not None:
        page = service.list_documents(limit=PAGE, cursor=page.next, **chosen)
        yield from page.documents


def every_package(service: Operations, school: str) -> Iterator[PackageListed]:
    """Yield all packages of a school, page after page."""
    page = service.list_packages(school, limit=PAGE)
    yield from page.packages
    while page.next is not None:
        page = service.list_packages(school, limit=PAGE, cursor=page.next)
        yield from page.packages
