"""What takes back originals that only the archive knows, put together from the settings."""

from __future__ import annotations

from datetime import datetime

from service.archive.store import ObjectStore
from service.bootstrap import authorities
from service.bootstrap.working_files import files
from service.ledger.database import Database
from service.ledger.road import Road
from service.settings import Settings
from service.workflow.keeping.deposit import Recall
from service.workflow.schools import Schools
from service.workflow.signing.recall import RecallSigned
from service.workflow.signing.signatory import Signatories


def recall(settings: Settings, database: Database, road: Road, store: ObjectStore) -> RecallSigned:
    """Return it; SettingsWrong if nobody's certificates count."""
    signatories = Signatories(Schools(database, settings.schools), authorities.trust(settings))
    return RecallSigned(database, files(settings), store, road, signatories)


def when_met(settings: Settings, database: Database, road: Road, store: ObjectStore) -> Recall:
    """Return it for a worker, which can do without anybody's certificates until then."""

    def met(document: str, at: datetime) -> bool:
        return recall(settings, database, road, store)(document, at)

    return met
