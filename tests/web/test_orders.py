"""Orders and jobs: what can be ordered, how it goes, waiting for it."""

from __future__ import annotations

import threading

import pytest
from town import CLASS, SCHOOL, TERM, Town

PATH = f"/v1/schools/{SCHOOL}/jobs"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"kind": "class-registr"}, "/kind", "unknown-kind"),
        ({"class": "c9z"}, "/class", "unknown-class"),
        ({"kind": "class-register"}, "/term", "term-not-needed"),
        ({"term": "q9"}, "/term", "unknown-term"),
        ({"copies": 2}, "/copies", "unknown-key"),
        ({"class": 8}, "/class", "wrong-type"),
    ],
)
def test_wrong_orders(
    quiet_town: Town, changed: dict[str, object], pointer: str, code: str
) -> None:
    good = {
        "snapshot": quiet_town.post_snapshot(),
        "kind": "class-results",
        "class": CLASS,
        "term": TERM,
    }
    refused = quiet_town.ask("journal", "POST", PATH, json=good | changed)
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json["errors"]] == [(pointer, code)]
    assert quiet_town.ask("journal", "GET", "/v1/documents").json == {"documents": [], "next": None}


def test_malformed_order_names_the_place(quiet_town: Town) -> None:
    refused = quiet_town.ask(
        "journal", "POST", PATH, data=b'{"snapshot": }', content_type="application/json"
    )
    assert (refused.status_code, refused.json["code"]) == (400, "malformed-json")
    assert "Строка 1, столбец 14" in refused.json["detail"]


def test_order_again(quiet_town: Town) -> None:
    sent = {
        "snapshot": quiet_town.post_snapshot(),
        "kind": "class-results",
        "class": CLASS,
        "term": TERM,
    }
    first = quiet_town.ask("journal", "POST", PATH, json=sent)
    again = quiet_town.ask("secretary", "POST", PATH, json=sent)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json == again.json
    assert first.headers["Location"] == again.headers["Location"] == f"/v1/jobs/{first.json['id']}"


def test_waiting_ends_with_the_job(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    path = f"/v1/jobs/{job['id']}"
    assert quiet_town.ask("journal", "GET", f"{path}?wait=1").json["state"] == "queued"
    answers: list[str] = []
    waiting = threading.Thread(
        target=lambda: answers.append(
            quiet_town.ask("journal", "GET", f"{path}?wait=60").json["state"]
        )
    )
    waiting.start()
    quiet_town.work()
    waiting.join(30)
    assert answers == ["done"]


@pytest.mark.parametrize("wait", ["61", "-1", "soon"])
def test_absurd_wait(quiet_town: Town, wait: str) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    assert quiet_town.ask("journal", "GET", f"/v1/jobs/{job['id']}?wait={wait}").status_code == 422


def test_unprintable_document_fails_with_the_reason(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot(), "final-summary")
    quiet_town.work()
    told = quiet_town.ask("journal", "GET", f"/v1/jobs/{job['id']}").json
    assert (told["state"], told["problem"]["code"]) == ("failed", "summary-not-final")
    document = quiet_town.document(job["document"])
    assert document["state"] == "failed"
    pdf = quiet_town.ask("journal", "GET", f"/v1/documents/{job['document']}/pdf")
    assert (pdf.status_code, pdf.json["code"]) == (409, "not-printed")
