"""What takes a while, followed to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

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


class Page(Protocol):
    """A page of a list, as every list of the service is told."""

    @property
    def next(self) -> str | None:
        """The cursor of the next page; none after the last."""


Listed = TypeVar("Listed", bound=Page)


def pages(call: Callable[..., Listed], *places: str, **chosen: Any) -> Iterator[Listed]:
    """Yield every page of a list: `pages(service.list_jobs, school, limit=50)`."""
    page = call(*places, **chosen)
    yield page
    while page.next is not None:
        page = call(*places, cursor=page.next, **chosen)
        yield page


def every_document(service: Operations, **chosen: Any) -> Iterator[DocumentTold]:
    """Yield all documents that are chosen as in `list_documents`, page after page."""
    for page in pages(service.list_documents, limit=PAGE, **chosen):
        yield from page.documents


def every_package(service: Operations, school: str) -> Iterator[PackageListed]:
    """Yield all packages of a school, page after page."""
    for page in pages(service.list_packages, school, limit=PAGE):
        yield from page.packages
