"""The keeping of evidence, put together from the settings."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, time

from service.archive.store import ObjectStore
from service.bootstrap import authorities, working_files
from service.domain.errors import ServiceError
from service.jobs.chores import Chore
from service.ledger.database import Database
from service.ledger.files import Files
from service.settings import Settings
from service.workflow.evidence.attest import Attest, Seal
from service.workflow.evidence.prove import Prove
from service.workflow.evidence.rebuild import Rebuild
from service.workflow.evidence.renew import Fate, Renew
from service.workflow.evidence.shelve import Shelve
from service.workflow.evidence.upkeep import Upkeep
from service.workflow.keeping.archived import ArchivedFiles
from signing.errors import SigningError
from signing.timestamps import Timestamper
from signing.trust import Trust

LOG = logging.getLogger(__name__)


def upkeep(settings: Settings, database: Database, store: ObjectStore) -> Upkeep:
    """Return the daily round of evidence; SettingsWrong if nobody's certificates count."""
    files = working_files.files(settings)
    archived = ArchivedFiles(files, store)
    seal = Seal(
        imprinter=authorities.timestamper(settings) or Timestamper(()),
        trust=authorities.trust(settings),
        algorithm=settings.signing.evidence_digest,
    )
    return Upkeep(
        attest=Attest(database, files, archived, seal),
        renew=Renew(database, seal, Rebuild(database, files, archived, seal), weak_since(settings)),
        shelve=Shelve(database, files, store),
    )


def chore(settings: Settings, database: Database, store: ObjectStore) -> Chore:
    """Return the round as a worker does it once a day."""

    def round_(at: datetime) -> tuple[ServiceError | SigningError, ...]:
        done = upkeep(settings, database, store)(at)
        if done.attested is not None and done.attested.unready:
            LOG.warning("evidence: %d documents stay without", len(done.attested.unready))
        for one in done.renewal.outlooks if done.renewal else ():
            if one.fate is Fate.MISSED:
                LOG.error("evidence: tree %s was not renewed in time", one.tree.id)
        return done.problems

    return round_


def prove(
    settings: Settings, database: Database, files: Files, store: ObjectStore, trust: Trust
) -> Prove:
    """Return what tells of evidence."""
    archived = ArchivedFiles(files, store)
    return Prove(database, files, archived, trust, weak_since(settings))


def weak_since(settings: Settings) -> Mapping[str, datetime]:
    """Return when each digest algorithm that is going out of use is believed no longer."""
    days = settings.signing.deprecated_digests
    return {name: datetime.combine(day, time(), UTC) for name, day in days.items()}
