"""Settings to working parts: the only place that chooses implementations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from service.archive.bucket import open_bucket
from service.archive.folder import open_folder
from service.archive.mirrored import MirroredStore
from service.archive.store import ObjectStore
from service.documents.kind import DocumentKind
from service.domain.printable import warnings
from service.jobs import engine
from service.jobs.advance import Advance, Backoff, Clock, Sweeper
from service.jobs.engine import Dispatcher
from service.jobs.pool import Pool
from service.jobs.worker import Worker
from service.ledger.database import Database, connect
from service.ledger.documents import State
from service.ledger.files import Files, sha256
from service.ledger.road import Road
from service.rendering.printer import Printer
from service.rendering.typeface import Faces
from service.reports import catalogue
from service.settings import BucketSettings, Settings, SettingsWrong, StoreSettings
from service.workflow.accept import Accept
from service.workflow.deposit import Deposit
from service.workflow.order import Order, SchoolRules
from service.workflow.produce import Printout, Produce, Workshop
from service.workflow.proven import ProvenStore
from service.workflow.reject import Reject
from service.workflow.sign import Sign, Signatory
from service.workflow.verify import Verify
from signing.lettering import Typeface
from signing.stamp import Stamp
from signing.timestamps import Timestamper
from signing.trust import Trust

VERSION = version("vedomost")
REGULAR, BOLD = "PTSans-Regular", "PTSans-Bold"
PRELOAD = ("service.bootstrap",)
STORING = 4  # documents on their way into the stores at a time


def now() -> datetime:
    """Return the time; the one clock of the service, handed down as an argument."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """What the web and the command line work with."""

    settings: Settings
    clock: Clock
    database: Database
    files: Files
    kinds: Mapping[str, DocumentKind]
    accept: Accept
    order: Order
    reject: Reject
    sign: Sign
    verify: Verify
    dispatcher: Dispatcher

    def require_ready(self) -> None:
        """Pass if the database answers."""
        with self.database.reading() as connection:
            connection.execute(text("SELECT count(*) FROM alembic_version"))

    def close(self) -> None:
        """Let every connection go."""
        self.dispatcher.close()
        self.database.close()


def prepare(settings: Settings) -> None:
    """Make the data folder and the tables ready for this version; again is no harm."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = connect(settings.database)
    database.migrate()
    engine.prepare(database.url)
    database.close()


def bootstrap(settings: Settings, clock: Clock = now) -> Service:
    """Return the parts a door needs; `prepare` has been called before."""
    database = connect(settings.database)
    files = Files(settings.data)
    dispatcher = Dispatcher.at(database.url)
    road = Road(dispatcher)
    kinds = catalogue()
    printer = _printer(settings.templates, settings.fonts, settings.data)
    trust = _trust(settings)
    return Service(
        settings=settings,
        clock=clock,
        database=database,
        files=files,
        kinds=kinds,
        accept=Accept(database, files, partial(warnings, printable=_glyphs(settings.fonts))),
        order=Order(database, kinds, _rules(settings), forms(printer), road),
        reject=Reject(database, road),
        sign=Sign(
            database=database,
            files=files,
            signatories=_signatories(settings),
            stamp=_stamps(settings.fonts),
            trust=trust,
            timestamper=_timestamper(settings),
            session=timedelta(minutes=settings.web.session_minutes),
            road=road,
        ),
        verify=Verify(database, files, stores(settings, clock), trust),
        dispatcher=dispatcher,
    )


@dataclass(frozen=True, slots=True)
class Working:
    """A worker and the processes it prints in."""

    worker: Worker
    close: Callable[[], None]


def working(settings: Settings, clock: Clock = now) -> Working:
    """Return the parts of the process that does the jobs."""
    database = connect(settings.database)
    dispatcher = Dispatcher.at(database.url)
    road = Road(dispatcher)
    kinds = catalogue()
    make = partial(workshop, settings.database, settings.data, settings.templates, settings.fonts)
    pool: Pool[Workshop, Printout] = Pool(
        settings.worker.processes, settings.worker.render_timeout, make, PRELOAD
    )
    produce = Produce(database, partial(pool.run, Workshop.print), road)
    store = stores(settings, clock)
    deposit = Deposit(database, Files(settings.data), store, kinds, road)
    worker = Worker(
        url=database.url,
        name=settings.worker.name,
        lock=settings.data / f"{settings.worker.name}.lock",
        advance=Advance(
            database=database,
            road=road,
            work={
                State.RENDERING: produce,
                State.DEPOSITING: deposit,
                State.IN_ONE_STORE: deposit,
            },
            backoff=Backoff(settings.worker.retry_first, settings.worker.retry_last),
            clock=clock,
        ),
        sweeper=Sweeper(database, road, dispatcher.missing, engine.workflow_id),
        queues={
            engine.queue_of(State.RENDERING): settings.worker.processes,
            engine.queue_of(State.DEPOSITING): STORING,
        },
        clock=clock,
    )

    def close() -> None:
        pool.close()
        dispatcher.close()
        database.close()

    return Working(worker, close)


def workshop(database: Path, data: Path, templates: Path, fonts: Path) -> Workshop:
    """Return what a printing process works with."""
    printer = _printer(templates, fonts, data)
    return Workshop(connect(database), Files(data), catalogue(), printer)


def stores(settings: Settings, clock: Clock) -> ObjectStore:
    """Return the two stores as one; neither need be there yet."""
    one, two = settings.stores.primary, settings.stores.replica
    return MirroredStore(
        ProvenStore(one.name, partial(_reach, one), clock),
        ProvenStore(two.name, partial(_reach, two), clock),
    )


def forms(printer: Printer) -> str:
    """Return one hash of all that a document's look depends on."""
    return sha256("\n".join(f"{k} {v}" for k, v in sorted(printer.edition().items())).encode())


def _printer(templates: Path, fonts: Path, data: Path) -> Printer:
    return Printer(templates, fonts, data / "forms")


def _reach(store: StoreSettings) -> ObjectStore:
    if isinstance(store, BucketSettings):
        return open_bucket(
            name=store.name,
            endpoint=store.endpoint,
            bucket=store.bucket,
            access_key=store.access_key,
            secret_key=store.secret_key.get_secret_value(),
            secure=store.secure,
            region=store.region,
        )
    return open_folder(store.name, store.path)


def _trust(settings: Settings) -> Trust:
    folder = settings.signing.trust
    if not folder.is_dir():
        raise SettingsWrong(
            f"signing.trust: папки {folder} нет. Положите в неё корневые сертификаты "
            "удостоверяющих центров (PEM или DER)."
        )
    return Trust.folder(folder, settings.signing.timeout)


def _timestamper(settings: Settings) -> Timestamper | None:
    urls = settings.signing.tsa
    return Timestamper(urls, settings.signing.timeout) if urls else None


def _stamps(fonts: Path) -> Callable[[str], Stamp]:
    regular = Typeface((fonts / f"{REGULAR}.ttf").read_bytes())
    bold = Typeface((fonts / f"{BOLD}.ttf").read_bytes())
    return cache(lambda zone: Stamp(regular, bold, ZoneInfo(zone)))


def _glyphs(fonts: Path) -> Callable[[str], bool]:
    known = Faces(fonts)[REGULAR].characters
    return lambda character: ord(character) in known


def _rules(settings: Settings) -> dict[str, SchoolRules]:
    return {
        name: SchoolRules(school.options, school.timezone)
        for name, school in settings.schools.items()
    }


def _signatories(settings: Settings) -> dict[str, tuple[Signatory, ...]]:
    return {
        name: tuple(
            Signatory(one.role, one.name, one.certificate_sha256) for one in school.signatories
        )
        for name, school in settings.schools.items()
    }
