"""The log of every process of the service, set up in one place: lines for people, or JSON.

A line carries the ids of what is being done and never a name: of an error only the type and the
frames are shown, of an address nothing behind its «?».
"""

from __future__ import annotations

import logging
import re
import sys
import time
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from service.jobs.traces import frames
from service.observing.context import ids
from service.settings import Settings

NOISY = ("alembic", "dbos", "weasyprint", "fontTools", "urllib3", "opentelemetry")
QUIET = ("pyhanko", "pyhanko_certvalidator")  # they name the owners of certificates
OWN_HANDLERS = ("dbos",)  # it makes itself one if it finds none
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELDS = ("asctime", "levelname", "name", "message")
NAMES = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "trace"}
QUERY = re.compile(r"\?[^\s'\"]*")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(settings: Settings, process: str) -> None:
    """Have this process write its log as the settings say; `process` tells it from the others."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.logging.format == "json" else _Text(TEXT))
    handler.addFilter(_Ids(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.logging.level)
    logging.captureWarnings(True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in OWN_HANDLERS:
        library = logging.getLogger(name)
        library.handlers[:] = [handler]
        library.propagate = False


class _Ids(logging.Filter):
    """Adds what is being done; takes away what comes behind the «?» of an address."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record and let it pass."""
        record.process_name = self._process
        record.ids = ids()
        if record.name.startswith("gunicorn"):
            record.msg, record.args = QUERY.sub("", record.getMessage()), ()
        return True


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return a line, and below it the frames of an error."""
        line, _, below = super().format(record).partition("\n")
        told = "".join(f" {name}={value}" for name, value in record.__dict__["ids"].items())
        return f"{line}{told}\n{below}" if below else f"{line}{told}"

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802
        """Return the type of an error and its frames."""
        return _frames(ei)


class _Json(JsonFormatter):
    def __init__(self) -> None:
        super().__init__(FIELDS, rename_fields=NAMES, json_ensure_ascii=False)

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        """Fill an object: the fields, the process, the ids, what the call adds by `extra`."""
        super().add_fields(log_data, record, message_dict)
        log_data["process"] = log_data.pop("process_name")
        log_data |= log_data.pop("ids")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        """Return the time in UTC, as RFC 3339 has it."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"{moment}.{int(record.msecs):03d}Z"

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802
        """Return the type of an error and its frames."""
        return _frames(ei)


def _frames(raised: ExcInfo) -> str:
    return frames(raised[1]) if raised[1] is not None else ""
