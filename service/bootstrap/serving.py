"""What the web works with: every use case a request may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version

from service.archive.mirrored import MirroredStore
from service.bootstrap import authorities, evidence, ordering, outgoing, runs, working_files
from service.bootstrap.ground import each_store, now
from service.bootstrap.health import Health
from service.bootstrap.health_checks import health
from service.bootstrap.heavy import Heavy, here
from service.bootstrap.signing import office
from service.documents.kind import DocumentKind
from service.domain.approving.approval import Role
from service.jobs.advance import Clock
from service.jobs.engine import Dispatcher
from service.ledger.database import Database, connect
from service.ledger.files import Files
from service.ledger.road import Road
from service.observing.watch import NOBODY, Watch
from service.rendering import edition
from service.reports import catalogue
from service.settings import Settings
from service.workflow.accept import Accept
from service.workflow.configure import Configure
from service.workflow.evidence.prove import Prove
from service.workflow.keeping.archived import ArchivedFiles
from service.workflow.keeping.check_copies import CheckCopies
from service.workflow.keeping.hand_out import HandOut
from service.workflow.keeping.package import Pack
from service.workflow.people.enrol import Enrol
from service.workflow.people.log_in import LogIn
from service.workflow.people.own_password import OwnPassword
from service.workflow.printing.cancel import Cancel
from service.workflow.printing.order import Order
from service.workflow.schools import Schools
from service.workflow.signing.prepare import PrepareSigning
from service.workflow.signing.reject import Reject
from service.workflow.signing.sign import Sign
from service.workflow.verifying.protocol import PrintProtocol
from service.workflow.verifying.verify import Verify
from service.workflow.webhooks.configure import ConfigureWebhooks
from service.workflow.webhooks.feed import Feed

VERSION = version("vedomost")


@dataclass(frozen=True, slots=True)
class Service:
    """What the web and the command line work with."""

    settings: Settings
    clock: Clock
    database: Database
    files: Files
    kinds: Mapping[str, DocumentKind]
    schools: Schools
    enrol: Enrol
    log_in: LogIn
    own_password: OwnPassword
    configure: Configure
    accept: Accept
    order: Order
    reject: Reject
    cancel: Cancel
    prepare_signing: PrepareSigning
    sign: Sign
    check_copies: CheckCopies
    verify: Verify
    protocol: PrintProtocol
    prove: Prove
    pack: Pack
    hand_out: HandOut
    webhooks: ConfigureWebhooks
    feed: Feed
    runs: runs.Runs
    dispatcher: Dispatcher
    health: Health
    watch: Watch
    heavy: Heavy

    def close(self) -> None:
        """Let every connection go, and every process."""
        self.heavy.close()
        self.dispatcher.close()
        self.database.close()


def bootstrap(
    settings: Settings,
    clock: Clock = now,
    watch: Watch = NOBODY,
    place: Callable[[Settings], Heavy] = here,
) -> Service:
    """Return the parts a door needs; `prepare` has been called before.

    `place` says where heavy work is done: in this process or beside it.
    """
    database = connect(settings.ledger)
    files = working_files.files(settings)
    dispatcher = Dispatcher.at(database.url)
    road = Road(dispatcher)
    kinds = catalogue()
    printed = edition.edition(settings.templates, settings.fonts)
    forms, design = edition.forms(printed), edition.design(printed)
    heavy = place(settings)
    trust = authorities.trust(settings)
    both = each_store(settings, clock, watch)
    store = MirroredStore(*both)
    archived = ArchivedFiles(files, store)
    check_copies = CheckCopies(database, store)
    prove = evidence.prove(settings, database, files, store, trust)
    schools = Schools(database, settings.schools)
    access = settings.access
    lasts = access.session
    signing = office(settings, database, files, schools, road, trust)
    return Service(
        settings=settings,
        clock=clock,
        database=database,
        files=files,
        kinds=kinds,
        schools=schools,
        configure=Configure(database, schools, settings.web.public_url),
        enrol=Enrol(database, access.passwords_at),
        log_in=LogIn(database, timedelta(minutes=lasts.idle_minutes), timedelta(hours=lasts.hours)),
        own_password=OwnPassword(database),
        accept=Accept(database, files, heavy.judge),
        order=ordering.order(settings, database, road, design, forms),
        reject=Reject(database, road),
        cancel=Cancel(database, road),
        prepare_signing=signing.prepare,
        sign=signing.sign,
        check_copies=check_copies,
        verify=Verify(database, archived, check_copies, kinds, trust, prove),
        protocol=PrintProtocol(heavy.draw, VERSION),
        prove=prove,
        pack=Pack(database, files, archived, kinds, partial(_package_route, schools)),
        hand_out=HandOut(database, files, archived),
        webhooks=ConfigureWebhooks(database, outgoing.outgoing(settings), outgoing.keys(settings)),
        feed=Feed(database),
        runs=runs.runs(settings, database, heavy.draw, forms),
        dispatcher=dispatcher,
        health=health(settings, clock, database, dispatcher, both),
        watch=watch,
        heavy=heavy,
    )


def _package_route(schools: Schools, school: str) -> tuple[Role, ...]:
    """Return who signs a school's packages: whoever signs its documents last."""
    return schools(school).options.signing_route[-1:]
