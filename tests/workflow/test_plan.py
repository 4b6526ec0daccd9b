"""A plan counts to the page what printing would make, once, and says what it would refuse."""

from __future__ import annotations

from counting import count
from school_year import Year, journal
from town import OTHER, SCHOOL

from service.domain.errors import Unavailable
from service.ledger.printing.layouts import Counted, Layout
from service.workflow.printing.lay_out import Carry, LayOut


def test_counted_once_and_to_the_page(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    snapshot = town.post_snapshot(journal(town.clock(), "c8a", "c8b"))
    path = f"/v1/schools/{SCHOOL}/snapshots/{snapshot}/plan"
    asked = town.ask("secretary", "POST", path, json={"classes": ["c8a"]})
    assert (asked.status_code, asked.json["complete"]) == (202, False)
    assert asked.headers["Retry-After"] == "2"
    assert town.ask("elsewhere", "POST", path, json={}).status_code == 404
    foreign = path.replace(SCHOOL, OTHER)
    assert town.ask("elsewhere", "POST", foreign, json={}).status_code == 404
    assert count(year.town) == 3
    whole = town.ask("secretary", "POST", path, json={"classes": ["c8a"]})
    assert (whole.status_code, whole.json["complete"], whole.json["refused"]) == (200, True, 1)
    lines = {one["kind"]: one for one in whole.json["lines"]}
    refusal = lines["final-summary"]["refusal"]
    assert refusal["code"] == "summary-not-final"
    assert "F15-YEAR-NOT-CLOSED" in {one["code"] for one in refusal["errors"]}
    assert count(year.town) == 0
    assert year.documents() == 0
    for kind, term in (("class-register", {}), ("class-results", {"term": "q1"})):
        job = town.order(snapshot, kind, **term)
        town.work()
        printed = town.document(job["document"])
        assert lines[kind]["pages"] == [printed["pages"]]
        assert lines[kind]["sheets"] == [printed["sheets"]]
    wrong = town.ask("secretary", "POST", path, json={"kinds": ["class-register", "x"]})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/kinds/1")


def test_what_could_not_be_counted_now_is_counted_later(quiet_year: Year) -> None:
    year, town = quiet_year, quiet_year.town
    snapshot = town.post_snapshot(journal(town.clock(), "c8a"))
    path = f"/v1/schools/{SCHOOL}/snapshots/{snapshot}/plan"
    town.ask("secretary", "POST", path, json={"kinds": ["class-register"]})
    lay_out = LayOut(town.service.database, lambda: town.service.order.forms, town.clock)

    def die(_: Layout) -> Counted:
        raise Unavailable("процесс завершился")

    (layout,) = lay_out((), 5)
    assert lay_out((Carry(die)(layout),), 5) == ()
    town.clock.pass_by(minutes=20)
    assert count(year.town) == 1
    assert town.ask("secretary", "POST", path, json={"kinds": ["class-register"]}).json["complete"]
