"""Who watches the work, as the settings say; what is not asked for is not even loaded."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import version

from service.jobs.advance import Clock
from service.ledger.database import Database
from service.observing.watch import Meters, NoMeters, NoTracer, Tracer, Watch
from service.settings import Settings, SettingsWrong

FOLDER = "metrics"  # in the data folder: the files processes count in, a folder a role


def watch(settings: Settings, role: str) -> Watch:
    """Return who is told in a process of a role (`web`, `worker`)."""
    return Watch(_meters(settings, role), _tracer(settings, role))


def expose(settings: Settings, database: Database, clock: Clock) -> None:
    """Answer `/metrics`, if the settings name an address, in threads of this process.

    The processes of a host share the port: whoever is first answers for all, and when it dies
    another takes over within seconds.
    """
    if settings.metrics.listen is not None:
        import_module("service.bootstrap.figures").expose(settings, database, clock)


def begin(settings: Settings, role: str) -> None:
    """Forget what processes of a role counted that are gone; called when a role starts anew.

    All of it or nothing: a sum may begin at nought, but not fall in part. Where one of them lives
    (or another process has its number) everything is kept, and grows on.
    """
    files = tuple((settings.data / FOLDER / role).glob("*.db"))
    numbers = {file.stem.rpartition("_")[2] for file in files}
    numbers.discard(str(os.getpid()))  # a dead namesake's: this process has counted nothing yet
    if not any(number.isdigit() and _alive(int(number)) for number in numbers):
        for file in files:
            file.unlink(missing_ok=True)


def _meters(settings: Settings, role: str) -> Meters:
    if settings.metrics.listen is None:
        return NoMeters()
    folder = settings.data / FOLDER / role
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # the library reads it when loaded
    module = import_module("service.observing.prometheus")
    meters: Meters = module.PrometheusMeters()
    return meters


def _tracer(settings: Settings, role: str) -> Tracer:
    endpoint = settings.telemetry.endpoint
    if endpoint is None:
        return NoTracer()
    try:
        module = import_module("service.observing.otel")
    except ModuleNotFoundError as error:
        raise SettingsWrong(
            f"telemetry.endpoint: нет библиотеки {error.name}. Поставьте "
            "vedomost[telemetry] или уберите ключ."
        ) from None
    tracer: Tracer = module.OtelTracer(
        endpoint, settings.telemetry.share, version("vedomost"), role
    )
    return tracer


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
