"""Figures of runs and webhooks: what happened is counted, and no school or class is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector
from school_year import Year, journal
from sqlalchemy import update
from town import SCHOOL

from service.bootstrap.figures import StockCollector
from service.bootstrap.run_figures import HostFigures, RunCollector
from service.domain.webhook_rules import WebhookState
from service.ledger import chores
from service.ledger.database import connect
from service.ledger.outgoing.tables import webhook_deliveries
from service.workflow.webhooks.configure import WebhookWanted

ZONE = ZoneInfo("Asia/Yekaterinburg")
CLASSES = ("c8a", "c8b")


def june(day: int, hour: int = 12) -> datetime:
    return datetime(2027, 6, day, hour, tzinfo=ZONE)


def told(collector: Collector) -> dict[str, dict[str, float]]:
    """Return the values of each series by their label."""
    registry = CollectorRegistry()
    registry.register(collector)
    return {
        family.name: {"".join(one.labels.values()): one.value for one in family.samples}
        for family in registry.collect()
    }


def test_a_run_is_counted_until_it_is_overdue(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    database = town.service.database
    collector = RunCollector(database, town.clock, remembered=0)
    assert told(collector)["vedomost_runs_open"] == {"": 0}
    year.at(datetime(2026, 11, 22, 12, tzinfo=ZONE))
    town.post_snapshot(journal(town.clock(), *CLASSES))
    year.at(june(10, 6))
    wanted = WebhookWanted("https://1.1.1.1/hooks", "", (), WebhookState.ACTIVE)
    town.service.webhooks.add(SCHOOL, wanted, "administrator", town.clock())
    town.post_snapshot(journal(june(14), "c8a", closed=True))
    year.at(june(14))
    town.service.feed(town.clock())
    found = told(collector)
    assert (found["vedomost_runs_open"], found["vedomost_runs_overdue"]) == ({"": 2}, {"": 0})
    assert found["vedomost_run_lines"] == {"awaiting-deputy": 1, "failed": 1}
    assert found["vedomost_reminders"] == {"snapshot-wanted": 3, "documents-due": 1}
    assert found["vedomost_webhooks"] == {"active": 1}
    assert found["vedomost_documents_failed"] == {"summary-not-final": 1}
    assert found["vedomost_events_failed"] == {"": 0}

    with database.writing() as connection:
        connection.execute(update(webhook_deliveries).values(state="failed"))
        hour = timedelta(hours=1)
        chores.claim(connection, "evidence", "w1", june(28), hour, hour, {"w1"})
    town.clock.at = june(30, 23)
    assert told(collector)["vedomost_runs_overdue"] == {"": 0}
    town.clock.at = june(30) + timedelta(hours=12)
    found = told(collector)
    assert found["vedomost_runs_overdue"] == {"": 1}
    assert found["vedomost_events_failed"][""] >= 1
    assert found["vedomost_chore_late_seconds"]["evidence"] == 60 * 60 * 60
    assert found["vedomost_evidence_end_timestamp_seconds"] == {}
    named = {label for series in found.values() for label in series}
    assert not named & {SCHOOL, *CLASSES}


def test_the_ledger_is_not_asked_at_every_scrape(quiet_year: Year) -> None:
    town = quiet_year.town
    collector = RunCollector(town.service.database, town.clock)
    before = told(collector)
    wanted = WebhookWanted("https://1.1.1.1/hooks", "", (), WebhookState.ACTIVE)
    town.service.webhooks.add(SCHOOL, wanted, "administrator", town.clock())
    assert told(collector) == before


def test_documents_are_counted_anew_before_long(quiet_year: Year) -> None:
    town = quiet_year.town
    kept, anew = (StockCollector(town.service.database, seconds) for seconds in (60, 0))
    assert told(kept) == told(anew) == {"vedomost_documents": {}, "vedomost_signatures": {}}
    town.order(town.post_snapshot())
    assert told(anew)["vedomost_documents"] == {"rendering": 1}
    assert told(kept)["vedomost_documents"] == {}


def test_a_silent_ledger_tells_nothing(tmp_path: Path) -> None:
    nowhere = connect("postgresql://nobody@127.0.0.1:1/none")
    assert told(RunCollector(nowhere, lambda: datetime.now(UTC))) == {}
    nowhere.close()
    assert told(HostFigures(tmp_path / "none", tmp_path / "none", lambda: june(1))) == {}


def test_the_host_tells_its_room_and_when_trust_ends(quiet_year: Year) -> None:
    settings = quiet_year.town.settings
    found = told(HostFigures(settings.data, settings.signing.trust, quiet_year.town.clock))
    assert 0 < found["vedomost_disk_free_bytes"][""] < found["vedomost_disk_size_bytes"][""]
    if found["vedomost_trust_end_timestamp_seconds"]:
        end = found["vedomost_trust_end_timestamp_seconds"][""]
        assert end > quiet_year.town.clock().timestamp()
