"""A school that seals: deputy, then the seal, then the director, and nothing after the lock."""

from __future__ import annotations

import pytest
from town import Town

from signing.errors import DocumentLocked, FieldSigned
from signing.fields import fields_of
from signing.session import prepare, sign
from signing.verify import verify

ROUTE = ("deputy", "seal", "director")


def file_of(town: Town, document: str) -> bytes:
    return bytes(town.ask("director", "GET", f"/v1/documents/{document}/pdf").data)


def test_from_the_deputy_over_the_seal_to_two_stores(sealed_town: Town, verapdf, pdfsig) -> None:
    town = sealed_town
    document = town.printed("class-register")
    fields = fields_of(file_of(town, document))
    assert [field.name for field in fields] == ["deputy", "director", "seal"]
    assert town.document(document)["route"] == list(ROUTE)
    for role, state in zip(ROUTE, ("seal", "director", ""), strict=True):
        assert verapdf(file_of(town, document), "3u").broken == ()
        signed = town.sign(document, role)
        assert signed["state"] == (f"awaiting-{state}" if state else "depositing")
        assert signed["turn"] == (state or None)
    town.work()
    archived = town.document(document)
    assert archived["state"] == "archived"
    assert {one["name"] for one in archived["copies"]} == {
        "document.docx", "document.pdf", "manifest.json",
    }  # fmt: skip
    assert [(one["role"], one["signer"]) for one in archived["signatures"]] == [
        ("deputy", "Громова Ольга Ивановна"),
        ("seal", "СОШ № 18"),
        ("director", "Светлова Анна Юрьевна"),
    ]
    pdf = file_of(town, document)
    assert verapdf(pdf, "3u").broken == ()
    reports = {one.field: one for one in verify(pdf, town.service.verify.trust, town.clock())}
    assert {(name, one.valid, one.certifies, one.locks) for name, one in reports.items()} == {
        ("deputy", True, True, False),
        ("seal", True, False, False),
        ("director", True, False, True),
    }
    seen = {one.field: one for one in pdfsig(pdf)}
    assert {(name, one.valid) for name, one in seen.items()} == {(role, True) for role in ROUTE}
    assert seen["seal"].signer == "СОШ № 18"
    told = town.ask(None, "POST", "/v1/verify", data=pdf, content_type="application/pdf")
    assert (told.status_code, told.json["valid"]) == (200, True)


def test_the_mark_of_the_seal_names_the_school_and_claims_no_time(
    sealed_town: Town, pdftotext
) -> None:
    town = sealed_town
    document = town.printed()
    town.sign(document, "deputy")
    town.sign(document, "seal")
    text = " ".join(" ".join(pdftotext(file_of(town, document))).split())
    assert "ПЕЧАТЬ ОРГАНИЗАЦИИ ДОКУМЕНТ ПОДПИСАН" in text
    assert "Организация: СОШ № 18 Действителен:" in text
    assert "Подписано:" not in text  # the timestamp is made after the mark is signed


def test_nobody_signs_out_of_turn(sealed_town: Town) -> None:
    town = sealed_town
    document = town.printed()
    for early, says in (("seal", "печать не ставят"), ("director", "директор подписать документ")):
        refused = town.open_signature(document, early)
        assert (refused.status_code, refused.json["code"]) == (409, "signature-out-of-turn")
        assert says in refused.json["detail"]
    town.sign(document, "deputy")
    refused = town.open_signature(document, "director")
    assert (refused.status_code, refused.json["code"]) == (409, "signature-out-of-turn")
    assert "Следующей ставится печать организации" in refused.json["detail"]


def test_a_person_does_not_seal_and_a_seal_does_not_sign(sealed_town: Town) -> None:
    town = sealed_town
    document = town.printed()
    refused = town.open_signature(document, "deputy", who="seal")
    assert (refused.status_code, refused.json["code"]) == (409, "not-a-signatory")
    town.sign(document, "deputy")
    refused = town.open_signature(document, "seal", who="director")
    assert (refused.status_code, refused.json["code"]) == (409, "not-a-signatory")
    assert "сертификатом организации" in refused.json["detail"]
    assert town.open_signature(document, "seal", token="director").status_code == 403


def test_whoever_keeps_the_seal_may_send_a_document_back(sealed_town: Town) -> None:
    town = sealed_town
    document = town.printed()
    town.sign(document, "deputy")
    path = f"/v1/documents/{document}/rejection"
    sent = town.ask("seal", "POST", path, json={"reason": "Не тот класс"})
    assert (sent.status_code, sent.json["state"]) == (200, "rejected")


def test_no_seal_after_the_director(sealed_town: Town) -> None:
    town = sealed_town
    document = town.printed()
    blank = file_of(town, document)
    for role in ROUTE:
        town.sign(document, role)
    for role in ROUTE:
        refused = town.open_signature(document, role)
        assert (refused.status_code, refused.json["code"]) == (409, "already-signed")
    seal = town.key("seal")
    with pytest.raises(FieldSigned):
        prepare(file_of(town, document), "seal", seal.certificate, (), stamp=None, at=town.clock())
    locked = blank
    for role in ("deputy", "director"):
        locked = sign(
            locked,
            role,
            town.key(role),
            stamp=None,
            timestamper=None,
            trust=town.service.verify.trust,
            at=town.clock(),
        )
    with pytest.raises(DocumentLocked, match="закрыт подписью в поле «director»"):
        prepare(locked, "seal", seal.certificate, (), stamp=None, at=town.clock())
