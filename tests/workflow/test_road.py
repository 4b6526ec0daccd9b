"""A document's whole road with real files, signatures and stores, and every refusal on it."""

from __future__ import annotations

from town import SCHOOL, Town, another_snapshot

from signing.verify import verify


def test_from_snapshot_to_two_stores(town: Town) -> None:
    job = town.order(town.post_snapshot(), "class-register")
    assert (job["state"], job["percent"]) == ("queued", 0)
    assert town.work() == 1
    document = town.document(job["document"])
    assert (document["state"], document["turn"]) == ("awaiting-deputy", "deputy")
    assert document["pages"] >= 1
    assert document["retention_years"] == 5

    town.sign(document["id"], "deputy")
    signed = town.sign(document["id"], "director")
    assert signed["state"] == "depositing"
    assert [one["role"] for one in signed["signatures"]] == ["deputy", "director"]
    assert {one["level"] for one in signed["signatures"]} == {"B-LT"}
    assert signed["keep_until"] == f"{max(2027, town.clock().year) + 5}-12-31"

    town.work()
    archived = town.document(document["id"])
    assert archived["state"] == "archived"
    assert sorted((one["store"], one["name"]) for one in archived["copies"]) == [
        (store, name)
        for store in ("A", "B")
        for name in ("document.docx", "document.pdf", "manifest.json")
    ]
    assert {one["locked_until"][:10] for one in archived["copies"]} == {archived["keep_until"]}
    assert town.log_is_whole()

    pdf = town.ask("director", "GET", f"/v1/documents/{document['id']}/pdf").data
    reports = verify(pdf, town.service.verify.trust, town.clock())
    assert [(one.field, one.valid) for one in reports] == [("deputy", True), ("director", True)]


def test_newer_snapshot_is_the_next_version(quiet_town: Town) -> None:
    first = quiet_town.document(quiet_town.printed())
    newer = quiet_town.order(quiet_town.post_snapshot(another_snapshot()))
    second = quiet_town.document(newer["document"])
    assert (first["version"], second["version"]) == (1, 2)
    assert second["supersedes"] == first["id"]
    assert (first["superseded_by"], second["superseded_by"]) == (None, None)
    now = quiet_town.document(first["id"])
    assert (now["state"], now["turn"]) == ("superseded", None)
    assert now["superseded_by"] == second["id"]
    path = f"/v1/documents/{first['id']}/rejection"
    refused = quiet_town.ask("deputy", "POST", path, json={"reason": "Не та дата"})
    assert (refused.status_code, refused.json["code"]) == (409, "not-your-turn")
    quiet_town.work()
    for state, one in (("awaiting-deputy", second), ("superseded", first)):
        listed = quiet_town.ask("deputy", "GET", f"/v1/documents?state={state}").json["documents"]
        assert [told["id"] for told in listed] == [one["id"]]


def test_superseded_document_is_not_signed_any_more(town: Town) -> None:
    first = town.printed()
    town.sign(first, "deputy")
    session = town.open_signature(first, "director").json
    newer = town.order(town.post_snapshot(another_snapshot()))["document"]
    before = town.document(first)
    for refused in (
        town.close_signature(session, "director"),
        town.open_signature(first, "director"),
    ):
        assert (refused.status_code, refused.json["code"]) == (409, "superseded")
        assert newer in refused.json["detail"]
    assert town.document(first) == before

    town.work()
    path = f"/v1/documents/{newer}/rejection"
    town.ask("deputy", "POST", path, json={"reason": "Снимок не того класса"})
    now = town.document(first)
    assert (now["superseded_by"], now["turn"]) == (None, "director")
    assert town.close_signature(session, "director").status_code == 200


def test_archived_document_says_what_superseded_it(town: Town) -> None:
    first = town.signed()
    town.work()
    before = town.document(first)
    newer = town.order(town.post_snapshot(another_snapshot()))["document"]
    assert town.document(first) == before | {"superseded_by": newer}
    listed = town.ask("journal", "GET", "/v1/documents?state=archived").json["documents"]
    assert [one["superseded_by"] for one in listed] == [newer]


def test_same_order_is_the_same_job_and_the_same_bytes(quiet_town: Town) -> None:
    snapshot = quiet_town.post_snapshot()
    first = quiet_town.order(snapshot)
    quiet_town.work()
    before = quiet_town.document(first["document"])
    quiet_town.clock.pass_by(days=3)
    again = quiet_town.order(quiet_town.post_snapshot())
    assert (again["id"], again["document"]) == (first["id"], first["document"])
    assert (again["state"], again["percent"]) == ("done", 100)
    assert quiet_town.work() == 0
    assert quiet_town.document(first["document"]) == before


def test_rejection_keeps_the_reason_and_ends_the_road(town: Town) -> None:
    document = town.printed()
    path = f"/v1/documents/{document}/rejection"
    early = town.ask("director", "POST", path, json={"reason": "Не та дата"})
    assert (early.status_code, early.json["code"]) == (409, "not-your-turn")
    sent = town.ask("deputy", "POST", path, json={"reason": "Ошибка в отметке"})
    assert (sent.status_code, sent.json["state"]) == (200, "rejected")
    assert sent.json["problem"] == {"code": "rejected", "message": "Ошибка в отметке"}
    assert town.ask("deputy", "POST", path, json={"reason": "Ошибка в отметке"}).json == sent.json
    other = town.ask("deputy", "POST", path, json={"reason": "Ещё раз"})
    assert (other.status_code, other.json["code"]) == (409, "already-rejected")
    assert town.document(document)["problem"] == sent.json["problem"]
    refused = town.open_signature(document, "deputy")
    assert (refused.status_code, refused.json["code"]) == (409, "not-awaiting-signature")


def test_nothing_personal_in_keys_of_the_archive(town: Town) -> None:
    document = town.signed()
    town.work()
    keys = {one["key"] for one in town.document(document)["copies"]}
    assert all(key.isascii() and key.startswith(f"{SCHOOL}/2026-2027/") for key in keys)
