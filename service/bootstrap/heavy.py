"""What takes a request long, and where it is done: here, or in processes beside the threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from service.bootstrap import calling, judges
from service.documents.parts import Content
from service.domain.intake.judging import Judged
from service.jobs.aside import Aside
from service.jobs.pool import Pool
from service.rendering.passport import Passport
from service.settings import Settings
from service.workflow.printing.paper import Draw, Paper

NICE = 5  # below whoever answers requests, above printing
GROWN = 384 << 20  # bytes a process may hold when it is done: a whole school takes a third of it
PAPERS = 2  # protocols and run sheets asked for at a time
DRAWING = 120  # seconds


@dataclass(frozen=True, slots=True)
class Heavy:
    """The work requests should not do in their own threads."""

    judge: Callable[[Path], Judged]
    draw: Draw
    close: Callable[[], None]


def here(settings: Settings) -> Heavy:
    """Return it done in this process, by whoever calls."""
    known = cache(lambda: judges.printable(settings.fonts))
    printer = cache(lambda: calling.make_printer(settings))
    return Heavy(
        judge=lambda file: judges.judge_there(known(), str(file), 0),
        draw=lambda content, passport: calling.draw_there(printer(), "", 0, content, passport),
        close=lambda: None,
    )


def beside(settings: Settings) -> Heavy:
    """Return it done in processes of their own, started when first needed.

    They end with the process that called this, however that ends.
    """
    web = settings.web
    judging: Aside[Any, Judged] = Aside(
        "Проверка снимка",
        max(1, web.threads // 2 - 2),  # half the threads may follow orders: two remain
        lambda: Pool(
            web.checking,
            web.check_timeout,
            partial(judges.warmed, settings.fonts),
            nice=NICE,
            most=GROWN,
        ),
    )
    drawing: Aside[Any, Paper] = Aside(
        "Печать",
        PAPERS,
        lambda: Pool(1, DRAWING, partial(calling.make_printer, settings), nice=NICE),
    )

    def draw(content: Content, passport: Passport) -> Paper:
        task = partial(calling.draw_there, content=content, passport=passport)
        return drawing(task, passport.document)

    def close() -> None:
        judging.close()
        drawing.close()

    return Heavy(lambda file: judging(judges.judge_beside, str(file)), draw, close)
