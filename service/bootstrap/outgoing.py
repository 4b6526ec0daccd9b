"""The way out and what is sent along it, put together from the settings."""

from __future__ import annotations

from datetime import timedelta

from service.domain.webhook_rules import Patience
from service.jobs.couriers import Couriers
from service.ledger.database import Database
from service.outgoing.addresses import Allowance
from service.outgoing.calls import Outgoing, trusting
from service.settings import Settings, SettingsWrong
from service.workflow.webhooks.feed import Feed
from service.workflow.webhooks.rounds import Clock, Errand, Returned, Rounds, Send
from service.workflow.webhooks.seal_secrets import SealSecrets
from service.workflow.webhooks.sealing import Keys
from service.workflow.webhooks.sweep import SweepDeliveries

NAMES = timedelta(seconds=45)  # the system may take so long to resolve a name


def outgoing(settings: Settings) -> Outgoing:
    """Return what calls the addresses schools name; SettingsWrong if its certificates are not."""
    allowed = settings.outgoing
    try:
        context = trusting(allowed.ca)
    except OSError as error:  # an SSLError is one too
        raise SettingsWrong(
            f"outgoing.ca: файл {allowed.ca} не читается или в нём нет сертификатов PEM "
            f"({type(error).__name__})."
        ) from None
    return Outgoing(
        allowance=Allowance(allowed.allow_http, allowed.allow_private, allowed.networks),
        context=context,
        connect=settings.webhooks.connect_timeout,
        whole=settings.webhooks.timeout,
    )


def couriers(settings: Settings, database: Database, clock: Clock) -> Couriers[Errand, Returned]:
    """Return what sends events, in threads of a worker."""
    lease = NAMES + 2 * timedelta(seconds=settings.webhooks.timeout)
    rounds = Rounds(
        database=database,
        feed=Feed(database),
        worker=settings.worker.name,
        lease=lease,
        patience=Patience(
            settings.webhooks.tries, timedelta(days=settings.webhooks.disable_after_days)
        ),
        clock=clock,
        keys=keys(settings),
    )
    send = Send(outgoing(settings), clock)
    return Couriers(rounds, send, settings.webhooks.at_once, resume=rounds.resume)


def keys(settings: Settings) -> Keys:
    """Return what secrets of addresses are sealed with."""
    return Keys(settings.webhooks.sealing)


def seal(settings: Settings, database: Database) -> SealSecrets:
    """Return what seals secrets that lie otherwise than they should, once a day."""
    return SealSecrets(database, keys(settings))


def sweep(settings: Settings, database: Database) -> SweepDeliveries:
    """Return what forgets old deliveries, once a day."""
    return SweepDeliveries(database, timedelta(days=settings.webhooks.keep_days))
