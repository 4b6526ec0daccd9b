"""The signing office: who may sign, what is signed where, how long a session lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from service.bootstrap import authorities
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.road import Road
from service.ledger.signing.sessions import Subject
from service.settings import Settings
from service.workflow.schools import Schools
from service.workflow.signing.attorney import Attorneys
from service.workflow.signing.desk import Desk
from service.workflow.signing.detached import Beside
from service.workflow.signing.document import DocumentDesk
from service.workflow.signing.package import PackageDesk
from service.workflow.signing.prepare import PrepareSigning
from service.workflow.signing.sign import Sign
from service.workflow.signing.signatory import Signatories
from signing.lettering import Typeface
from signing.stamp import Stamp
from signing.trust import Trust

REGULAR, BOLD = "PTSans-Regular", "PTSans-Bold"


@dataclass(frozen=True, slots=True)
class Office:
    """Both halves of signing: what the key is asked, and what it answered."""

    prepare: PrepareSigning
    sign: Sign


def office(
    settings: Settings,
    database: Database,
    files: Files,
    schools: Schools,
    road: Road,
    trust: Trust,
) -> Office:
    """Return the signing office of every school."""
    timestamper = authorities.timestamper(settings)
    beside = Beside(files, trust, timestamper)
    desks: dict[Subject, Desk] = {
        Subject.DOCUMENT: DocumentDesk(
            database=database,
            files=files,
            stamp=_stamps(settings.fonts),
            trust=trust,
            timestamper=timestamper,
            road=road,
            beside=beside,
            schools=schools,
        ),
        Subject.PACKAGE: PackageDesk(database, beside),
    }
    signatories = Signatories(schools, trust)
    return Office(
        prepare=PrepareSigning(
            database=database,
            files=files,
            desks=desks,
            signatories=signatories,
            attorneys=Attorneys(files, schools, trust),
            usual=timedelta(minutes=settings.web.session_minutes),
            longest=timedelta(minutes=settings.web.session_minutes_most),
        ),
        sign=Sign(database, desks, signatories),
    )


def _stamps(fonts: Path) -> Callable[[str], Stamp]:
    regular = Typeface((fonts / f"{REGULAR}.ttf").read_bytes())
    bold = Typeface((fonts / f"{BOLD}.ttf").read_bytes())
    return cache(lambda zone: Stamp(regular, bold, ZoneInfo(zone)))
