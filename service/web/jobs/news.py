"""What is new of an order, and what of it a stream has still to be told."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from service.web.jobs.models import JobTold

HEARTBEAT = 3.0  # seconds of silence on a stream, after which a sign of life is given
GOING = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class News:
    """How an order goes, as an event whose id is the same as long as nothing changed."""

    told: JobTold
    mark: str
    event: str

    @property
    def ended(self) -> bool:
        """Whether nothing comes after it."""
        return self.told.state not in GOING


def news(told: JobTold) -> News:
    """Return the news of an order; what changes by itself, the estimate, is none."""
    body = told.model_dump_json(exclude={"estimate_seconds"})
    mark = sha256(body.encode()).hexdigest()[:16]
    name = "progress" if told.state in GOING else "end"
    data = told.model_dump_json(by_alias=True)
    return News(told, mark, f"id: {mark}\nevent: {name}\ndata: {data}\n\n")


@dataclass(slots=True)
class Telling:
    """What one stream was told: the id it has seen last, the estimate, and when."""

    seen: str
    said: float
    estimate: int | None = None

    def say(self, latest: News, now: float) -> str:
        """Return what to say next: an event, a sign of life after a silence, or nothing."""
        late = now - self.said >= HEARTBEAT
        estimate = latest.told.estimate_seconds
        if latest.mark != self.seen or (late and estimate != self.estimate):
            self.seen, self.estimate, self.said = latest.mark, estimate, now
            return latest.event
        if late:
            self.said = now
            return ":\n\n"
        return ""
