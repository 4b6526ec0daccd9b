"""A document verified long after its certificates ended: its evidence record speaks for it."""

from __future__ import annotations

from datetime import UTC, datetime

from ages import RENEWED, Ages
from office import DAY, SUMMARY, Office, upkeep

LATER = datetime(2040, 6, 15, 12, tzinfo=UTC)


def test_what_was_renewed_in_time_is_still_proven(attested: Office, ages: Ages) -> None:
    town, made = attested
    with ages.alive(RENEWED, "first", "second"):
        assert upkeep(town, ages, "second")(RENEWED).problems == ()
    town.clock.at = LATER
    told = town.ask(None, "GET", f"/v1/verify/{made[SUMMARY]}").json
    assert (told["valid"], told["code"]) == (True, "good")
    assert told["evidence"]["state"] == "proven"
    assert [one["over"] for one in told["evidence"]["timestamps"]] == ["data", "timestamp"]
    assert told["checked_at"].startswith("2040-06-15")
    assert datetime.fromisoformat(told["judged_at"]) == DAY
    assert {one["valid"] for one in told["signatures"]} == {True}

    pdf = town.ask("director", "GET", f"/v1/documents/{made[SUMMARY]}/pdf").data
    sent = {"data": pdf, "content_type": "application/pdf"}
    told = town.ask(None, "POST", "/v1/verify", **sent).json
    assert (told["valid"], told["evidence"]["state"]) == (True, "proven")


def test_what_was_not_renewed_is_not_feigned(attested: Office, ages: Ages) -> None:
    town, made = attested
    town.clock.at = LATER
    told = town.ask(None, "GET", f"/v1/verify/{made[SUMMARY]}").json
    assert told["valid"] is None
    assert told["answer"].startswith("Проверить до конца не удалось: ")
    assert told["evidence"]["state"] == "undetermined"
    assert told["judged_at"] == told["checked_at"]
    protocol = town.ask(
        None, "GET", f"/v1/verify/{made[SUMMARY]}", headers={"Accept": "application/pdf"}
    )
    assert protocol.data[:5] == b"%PDF-"
