"""What `/readyz` answers: each check with a short sentence, and 503 where nothing can be served."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from service.bootstrap.health import Health, Level, worst
from service.web.http.models import Told
from service.web.http.operations import Answer


class CheckTold(Told):
    """What one check found."""

    name: str
    status: Literal["ok", "warn", "fail"]
    message: str


class Readiness(Told):
    """Whether requests are served (`ok`, `degraded`) or not (`fail`), and what was looked at."""

    status: Literal["ok", "degraded", "fail"]
    checks: list[CheckTold]


def readiness(health: Health) -> Answer:
    """Return what all checks found, a few seconds old at most."""
    found = health()
    serving = health.serving(found)
    status: Literal["ok", "degraded", "fail"] = "fail"
    if serving:
        status = "ok" if worst(found) is Level.OK else "degraded"
    checks = [CheckTold(name=one.name, status=one.level.value, message=one.told) for one in found]
    answered = HTTPStatus.OK if serving else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(Readiness(status=status, checks=checks), answered)
