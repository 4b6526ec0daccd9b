"""The calendar over the API, and the run sheet on paper."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from judges.poppler import text
from school_year import Year, journal
from sqlalchemy import update
from town import SCHOOL

from service.domain.errors import Reason
from service.ledger.calendar.tables import runs
from service.workflow.keeping.deposit import DOCX, MEDIA_TYPES, PDF

PATH = f"/v1/schools/{SCHOOL}/calendar"
ZONE = ZoneInfo("Asia/Yekaterinburg")


def test_what_is_chosen_and_what_comes(quiet_year: Year) -> None:
    town = quiet_year.town
    quiet_year.at(datetime(2026, 9, 2, tzinfo=ZONE))
    town.post_snapshot(journal(town.clock(), "c8a"))
    told = town.ask("secretary", "GET", PATH).json
    assert told["timezone"] == "Asia/Yekaterinburg"
    coming = {one["entry"]: one for one in told["coming"]}
    assert coming["term-end"]["at"] == "2026-10-27T01:00:00Z"
    assert coming["year-end"]["deadlines"]["signed"] == "2027-06-30"
    assert "monthly" in told["notes"][0]

    asked = {"term_end": {"moved": {"q1": "2026-10-30"}}, "without_classes": ["c8b"]}
    assert town.ask("secretary", "PUT", PATH, json=asked).status_code == 403
    unknown = {"also": [{"name": "weekly", "cron": "0 6 * * MON", "kinds": ["nothing"]}]}
    for wrong, code in (
        (unknown, "unknown-kind"),
        ({"monthly": {"enabled": True}}, "request-invalid"),
        ({"year_end": {"signed_due": "05-01"}}, "request-invalid"),
    ):
        refused = town.ask("administrator", "PUT", PATH, json=wrong)
        assert (refused.status_code, refused.json["code"]) == (422, code)
    changed = town.ask("administrator", "PUT", PATH, json=asked)
    assert changed.status_code == 200, changed.text
    coming = {one["entry"]: one for one in changed.json["coming"]}
    assert coming["term-end"]["at"] == "2026-10-30T01:00:00Z"
    assert not any("term_end.moved" in note for note in changed.json["notes"])
    mistyped = asked | {"term_end": {"moved": {"q1": "2026-10-30", "Q-1": "2026-11-02"}}}
    told = town.ask("administrator", "PUT", PATH, json=mistyped).json
    assert "term_end.moved: периодов Q-1 нет" in told["notes"][0]
    assert "есть q1." in told["notes"][0]
    quiet_year.at(datetime(2026, 10, 29, tzinfo=ZONE))
    assert quiet_year.runs() == []
    quiet_year.at(datetime(2026, 10, 30, 7, tzinfo=ZONE))
    assert [one["term"] for one in quiet_year.runs()] == ["q1"]


def test_run_sheet_on_paper(quiet_year: Year) -> None:
    town = quiet_year.town
    quiet_year.at(datetime(2027, 6, 12, tzinfo=ZONE))
    town.post_snapshot(journal(town.clock(), "c8a", closed=True))
    town.post_snapshot(journal(town.clock(), "c8b"))
    quiet_year.at(datetime(2027, 6, 13, 12, tzinfo=ZONE))
    (run,) = quiet_year.runs()
    path = f"/v1/runs/{run['id']}"
    with town.service.database.writing() as connection:
        problem = Reason("no-answer", "Сервер не ответил вовремя.")
        connection.execute(update(runs).where(runs.c.id == run["id"]).values(problem=problem))
    wrong = {"entry": "year-end", "year": "2026/2028"}
    refused = town.ask("secretary", "POST", f"/v1/schools/{SCHOOL}/runs", json=wrong)
    assert [(one["pointer"], one["code"]) for one in refused.json["errors"]] == [
        ("/year", "unknown-year")
    ]
    pdf = town.ask("director", "GET", path, headers={"Accept": MEDIA_TYPES[PDF]})
    assert (pdf.status_code, pdf.content_type) == (200, MEDIA_TYPES[PDF])
    said = " ".join(" ".join(text(pdf.data)).split())
    for words in (
        "ЛИСТ ПРОГОНА",
        f"Школа {SCHOOL}. Конец 2026/2027 учебного года",
        "прогон идёт",
        "Снимок у журнала не получен. Сервер не ответил вовремя.",
        "подпись заместителя директора",
        "нет снимка",
        "Сроки (по времени Asia/Yekaterinburg):",
        "подписи — до 30.06.2027",
    ):
        assert words in said
    docx = town.ask("director", "GET", path, headers={"Accept": MEDIA_TYPES[DOCX]})
    assert (docx.status_code, docx.data[:2]) == (200, b"PK")
