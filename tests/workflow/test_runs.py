"""Runs over a school's year: begun once, killed anywhere, nothing twice, everything told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from school_year import Year, journal
from sqlalchemy import Connection
from town import SCHOOL

from service.jobs.leases import SILENCE, Leases
from service.ledger.calendar import runs
from service.ledger.calendar.runs import Run
from service.workflow.printing.order import Order, Ordered, Still, Wanted
from service.workflow.runs.advance import LEASE
from service.workflow.runs.sheet import Sheet, TellRun

ZONE = ZoneInfo("Asia/Yekaterinburg")
CLASSES = ("c8a", "c8b")


def june(day: int, hour: int = 12) -> datetime:
    return datetime(2027, 6, day, hour, tzinfo=ZONE)


def test_the_end_of_the_year(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(datetime(2026, 11, 22, 12, tzinfo=ZONE))
    town.post_snapshot(journal(town.clock(), *CLASSES))
    year.at(june(9))
    assert year.runs() == []

    year.at(june(10, 6))
    (run,) = year.runs()
    assert (run["entry"], run["year"], run["state"]) == ("year-end", "2026/2027", "open")
    assert run["deadlines"] == {
        "snapshot": "2027-06-15",
        "documents": "2027-06-20",
        "signed": "2027-06-30",
    }
    assert year.statuses(run["id"]) == {
        f"{one} {kind}": "missing-snapshot"
        for one in CLASSES
        for kind in ("class-register", "final-summary")
    }
    year.at(june(10, 7))
    year.at(june(11))
    year.at(june(13))
    wanted = [details["days"] for _, details in year.said("snapshot-wanted")]
    assert wanted == [5, 2]
    assert year.said("snapshot-wanted")[0][1]["classes"] == [*CLASSES]

    town.post_snapshot(journal(june(14), "c8a", closed=True))
    year.at(june(14))
    told = year.statuses(run["id"])
    assert told["c8a class-register"] == "waiting"
    assert told["c8a final-summary"] == "failed"
    assert told["c8b class-register"] == "missing-snapshot"
    failed = next(one for one in year.sheet(run["id"])["lines"] if one["status"] == "failed")
    assert failed["problem"]["code"] == "summary-not-final"
    year.at(june(16))
    late = year.said("snapshot-wanted")[-1][1]
    assert (late["days"], late["classes"]) == (-1, ["c8b"])
    year.at(june(24))
    year.at(june(29))
    due = [details["waiting"] for _, details in year.said("signing-due")]
    assert due == [{"deputy": 1}] * 2
    assert town.log_is_whole()


def test_a_term_from_its_end_to_the_archive(signed_year: Year) -> None:
    year, town = signed_year, signed_year.town
    now = datetime.now(UTC).replace(microsecond=0)
    ends = now.astimezone(ZONE).date() - timedelta(days=3)
    begins = datetime.combine(ends + timedelta(days=2), datetime.min.time(), ZONE)
    year.at(now - timedelta(days=5))
    town.post_snapshot(journal(town.clock(), *CLASSES, ends=ends))
    year.at(begins + timedelta(hours=6))
    (run,) = year.runs()
    assert (run["entry"], run["term"], run["kinds"]) == ("term-end", "q1", ["class-results"])
    assert set(year.statuses(run["id"]).values()) == {"missing-snapshot"}

    town.post_snapshot(journal(begins, *CLASSES, ends=ends))
    year.at(now)
    sheet = year.sheet(run["id"])
    assert (sheet["counts"], sheet["waiting"]) == ({"waiting": 2}, {"deputy": 2})
    for line in sheet["lines"]:
        town.sign(line["document"], "deputy")
        town.sign(line["document"], "director")
    year.at(now + timedelta(minutes=10))
    year.at(now + timedelta(minutes=12))
    assert year.sheet(run["id"])["state"] == "done"
    assert [details["documents"] for _, details in year.said("run-finished")] == [2]

    asked = {"entry": "term-end", "term": "q1"}
    town.post_snapshot(journal(now, *CLASSES, ends=ends))
    again = town.ask("secretary", "POST", f"/v1/schools/{SCHOOL}/runs", json=asked)
    assert (again.status_code, again.json["id"], again.json["state"]) == (200, run["id"], "open")
    year.at(now + timedelta(minutes=20))
    assert (year.documents(), year.sheet(run["id"])["state"]) == (2, "done")

    town.post_snapshot(journal(now + timedelta(minutes=21), *CLASSES, ends=ends, mark="5"))
    path = f"/v1/runs/{run['id']}/restart"
    one = town.ask("secretary", "POST", path, json={"class": "c8b"})
    assert one.status_code == 202
    year.at(now + timedelta(minutes=30))
    versions = {one["class"]: one["version"] for one in year.sheet(run["id"])["lines"]}
    assert versions == {"c8a": 1, "c8b": 2}
    assert year.documents() == 3


def test_missed_days_are_made_up_for_once(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(datetime(2026, 10, 1, tzinfo=ZONE))
    town.post_snapshot(journal(town.clock(), "c8a"))
    year.round()
    town.clock.at = june(12)
    assert year.round() == 3, "the year's end of either school, and a term"
    assert year.round() == 0
    begun = {(one["entry"], one["term"]) for one in year.runs()}
    assert begun == {("year-end", None), ("term-end", "q1")}


def test_a_clock_that_ran_ahead_for_a_while_holds_nothing_up(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(june(9))
    town.post_snapshot(journal(town.clock(), "c8a"))
    year.round()
    year.at(datetime(2028, 7, 1, tzinfo=ZONE))
    (ahead,) = year.runs()
    year.at(june(9, 12))
    year.at(june(10))
    assert {one["year"] for one in year.runs()} == {"2026/2027", "2027/2028"}
    with town.service.database.reading() as connection:
        assert runs.get(connection, ahead["id"]).next_look < june(12)


class Killed(BaseException):
    """The worker dies."""


@dataclass(frozen=True, slots=True)
class Mortal(Order):
    """Takes an order and dies before anybody hears of it."""

    def __call__(
        self, wanted: Wanted, by: str, at: datetime, still: Still | None = None
    ) -> Ordered:
        super(Mortal, self).__call__(wanted, by, at, still)
        raise Killed


def test_killed_between_two_steps_it_is_taken_up_by_another(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(june(9))
    town.post_snapshot(journal(town.clock(), *CLASSES, closed=True))
    town.clock.at = june(10)
    order = town.service.order
    mortal = Mortal(**{one.name: getattr(order, one.name) for one in fields(order)})
    year.keep()(town.clock())
    for deaths in range(1, 4):
        with pytest.raises(Killed):
            year.advance(mortal, f"dead {deaths}")(town.clock())
        town.clock.at = june(10) + deaths * 2 * LEASE
        assert year.advance()(town.clock()) == ()
        assert year.documents() == 1, "nobody else touches it while nobody knows of the death"
        assert Leases(town.service.database, SILENCE)(town.clock()) == 1
    year.round()
    (run,) = year.runs()
    assert set(year.statuses(run["id"]).values()) == {"printing"}
    assert year.documents() == 4


def test_two_workers_at_once_make_everything_once(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(june(9))
    town.post_snapshot(journal(town.clock(), "c8a", "c8b", "c8c", closed=True))
    town.clock.at = june(10)
    with ThreadPoolExecutor(4) as workers:
        begun = [*workers.map(lambda _: year.round(), range(8))]
    assert sum(begun) == 2, "one of either school"
    year.round()
    (run,) = year.runs()
    assert set(year.statuses(run["id"]).values()) == {"printing"}
    assert year.documents() == 6
    assert len(year.said("run-started")) == 1
    for _ in range(2):
        with town.service.database.writing() as connection:
            runs.wake(connection, SCHOOL, june(10))
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(lambda name: year.advance(None, name)(june(10)), "abcd"))
    assert year.documents() == 6


def test_a_run_that_is_called_off_orders_no_more(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(june(9))
    town.post_snapshot(journal(town.clock(), "c8a"))
    year.at(june(10))
    (run,) = year.runs()
    path = f"/v1/runs/{run['id']}"
    assert town.ask("elsewhere", "DELETE", path).status_code == 404
    assert town.ask("director", "DELETE", path).status_code == 403
    for _ in range(2):
        cancelled = town.ask("secretary", "DELETE", path)
        assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    town.post_snapshot(journal(town.clock(), "c8a", closed=True))
    year.at(june(11))
    assert year.documents() == 0
    wrong = town.ask("secretary", "POST", f"{path}/restart", json={"class": "c9z"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "class-not-in-run")
    town.ask("secretary", "POST", f"{path}/restart", json={})
    year.at(june(12))
    assert year.documents() == 2
    unknown = town.ask(
        "secretary", "POST", f"/v1/schools/{SCHOOL}/runs", json={"entry": "term-end", "term": "q7"}
    )
    assert (unknown.status_code, unknown.json["errors"][0]["code"]) == (422, "unknown-entry")


def test_others_go_on_while_a_sheet_is_told(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(june(9))
    town.post_snapshot(journal(town.clock(), "c8a"))
    town.clock.at = june(10)
    year.keep()(town.clock())
    advance = year.advance()

    class CalledOffMeanwhile(TellRun):
        def __call__(self, connection: Connection, run: Run) -> Sheet:
            sheet = super().__call__(connection, run)
            if run.school == SCHOOL:
                assert town.ask("secretary", "DELETE", f"/v1/runs/{run.id}").status_code == 200
            return sheet

    tell = CalledOffMeanwhile(advance.tell.kinds, advance.tell.calendars)
    assert replace(advance, tell=tell)(june(10)) == ()
    assert year.runs()[0]["state"] == "cancelled"
    assert year.said("snapshot-wanted") == []


def test_days_end_by_the_clocks_of_the_school_once_they_are_known(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    path = f"/v1/schools/{SCHOOL}"
    year.at(june(10))
    (run,) = year.runs()
    sheet = year.sheet(run["id"])
    assert (sheet["timezone"], sheet["timezone_assumed"]) == ("Europe/Moscow", True)
    notes = town.ask("secretary", "GET", f"{path}/calendar").json["notes"]
    assert any("Часовой пояс школы неизвестен" in one for one in notes)

    town.post_snapshot(journal(town.clock(), "c8a"))
    year.at(datetime(2027, 6, 14, 20, tzinfo=UTC))  # one o'clock of the fifteenth at the school
    sheet = year.sheet(run["id"])
    assert (sheet["timezone"], sheet["timezone_assumed"]) == ("Asia/Yekaterinburg", False)
    assert year.said("snapshot-wanted")[-1][1]["days"] == 0

    before = town.ask("administrator", "GET", f"{path}/settings")
    asked = before.json["settings"] | {"timezone": "Europe/Kaliningrad"}
    headers = {"If-Match": before.headers["ETag"]}
    changed = town.ask("administrator", "PUT", f"{path}/settings", json=asked, headers=headers)
    assert changed.status_code == 200, changed.text
    year.round()
    assert year.sheet(run["id"])["timezone"] == "Europe/Kaliningrad"
    assert year.said("run-timezone-changed") == [
        ("run-timezone-changed", {"before": "Europe/Moscow", "after": "Asia/Yekaterinburg"}),
        ("run-timezone-changed", {"before": "Asia/Yekaterinburg", "after": "Europe/Kaliningrad"}),
    ]


def test_a_full_queue_is_waited_for(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    year.at(june(9))
    town.post_snapshot(journal(town.clock(), *CLASSES, closed=True))
    town.clock.at = june(10)
    year.keep()(town.clock())
    narrow = replace(town.service.order, quota=3)
    assert year.advance(narrow)(town.clock()) == ()
    (run,) = year.runs()
    assert year.sheet(run["id"])["counts"] == {"planned": 1, "printing": 3}
    town.work()
    town.clock.pass_by(minutes=2)
    year.advance(narrow)(town.clock())
    assert "planned" not in year.sheet(run["id"])["counts"]
