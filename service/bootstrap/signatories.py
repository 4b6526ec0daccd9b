"""Until when the certificates last that schools sign with, as their last signing showed."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta

from service.bootstrap.health import Level, Told
from service.jobs.advance import Clock
from service.ledger import standing
from service.ledger.database import Database
from service.settings import Settings
from signing import certificates

LOOK_BACK = timedelta(days=500)  # a certificate lasts fifteen months at most
TOLD = 5


def signatories_last(settings: Settings, database: Database, clock: Clock) -> Told:
    """Look whose certificate ends soon or has just ended; a newer one is known once it signs."""
    now, days = clock(), timedelta(days=settings.health.certificate_days)
    with database.reading() as connection:
        known = standing.last_certificates(connection, now - LOOK_BACK)
    ends = [
        (certificates.valid_until(one), f"{school} {role}")
        for school, role, der in known
        for one in certificates.load_all(b64decode(der))
    ]
    ending = sorted((end, who) for end, who in ends if now - days < end <= now + days)
    if not ending:
        return Level.OK, f"Известно сертификатов тех, кто подписывает: {len(ends)}.", ""
    told = ", ".join(f"{who} — {end:%d.%m.%Y}" for end, who in ending[:TOLD])
    more = f" и ещё {len(ending) - TOLD}" if len(ending) > TOLD else ""
    remedy = "Выпустите новые; если в настройках школы задан certificate_sha256, смените и его."
    return Level.WARN, f"Кончаются сертификаты тех, кто подписывает: {told}{more}.", remedy
