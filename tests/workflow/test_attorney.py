"""A deputy signs by a power of attorney: in the mark, beside the document, checked or refused."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attorneys import NUMBER, SNILS, make_attorney, person
from town import SCHOOL, Clock, Town, settings_file
from werkzeug.test import TestResponse

from service.settings import load
from signing.authority import Authority
from signing.detached import digest_of, embed, prepare

ZONE = ZoneInfo("Asia/Yekaterinburg")
REQUIRED = {f"VEDOMOST_SCHOOLS__{SCHOOL}__ATTORNEY_REQUIRED": "true"}


@pytest.fixture
def strict_town(tmp_path: Path, authority: Authority) -> Iterator[Town]:
    """A town whose school wants a power of attorney of its deputy."""
    settings = load(settings_file(tmp_path, authority), REQUIRED)
    made = Town(tmp_path, settings, authority, Clock(datetime.now(UTC)))
    yield made
    made.close()


def encoded(body: bytes) -> str:
    return base64.b64encode(body).decode()


def opened(town: Town, document: str, attorney: dict[str, Any] | None, **more: Any) -> TestResponse:
    key = town.key("deputy")
    sent: dict[str, Any] = {
        "role": "deputy",
        "documents": [document],
        "certificates": [encoded(one.dump()) for one in (key.certificate, *key.chain)],
        **more,
    }
    if attorney is not None:
        sent["attorney"] = attorney
    return town.ask("deputy", "POST", "/v1/signing-sessions", json=sent)


def signed(town: Town, document: str, attorney: dict[str, Any]) -> None:
    session = opened(town, document, attorney)
    assert session.status_code == 201, session.text
    done = answered(town, document, session.json)
    assert (done.status_code, done.json["state"]) == (200, "signed"), done.text


def answered(town: Town, document: str, session: dict[str, Any]) -> TestResponse:
    (item,) = session["items"]
    key = town.key("deputy")
    answers = {
        part["file"]: {"value": encoded(key.sign(base64.b64decode(part["to_sign"])))}
        for part in item["parts"]
    }
    path = f"/v1/signing-sessions/{session['id']}/documents/{document}"
    return town.ask("deputy", "PUT", path, json={"answers": answers})


def signature_of(town: Town, xml: bytes, who: str = "seal") -> bytes:
    """Return the `.sig` of a power of attorney, by the school's head."""
    key = town.key(who)
    now = town.clock()
    made = prepare(digest_of(xml), key.certificate, key.chain, at=now)
    trust = town.service.verify.trust
    return embed(
        made.state, key.sign(made.to_sign), existing=None, timestamper=None, trust=trust, at=now
    )


def held(town: Town, document: str) -> dict[str, bool | None]:
    """Return what was checked of the power of attorney, as the document tells it."""
    (signature,) = town.document(document)["signatures"]
    return {one["what"]: one["holds"] for one in signature["attorney"]["findings"]}


def test_number_stands_in_the_mark_and_files_lie_in_the_archive(town: Town, pdftotext) -> None:
    document = town.printed()
    xml = make_attorney()
    signature = signature_of(town, xml)
    signed(town, document, {"xml": encoded(xml), "signature": encoded(signature)})
    pdf = bytes(town.ask("deputy", "GET", f"/v1/documents/{document}/pdf").data)
    text = "".join("".join(pdftotext(pdf)).split())
    assert f"Доверенность(МЧД):{NUMBER}" in text
    assert held(town, document) == {
        "term": True,
        "representative": True,
        "powers": None,
        "register": None,
        "signature": True,
        "principal": True,
    }
    told = town.document(document)["signatures"][0]["attorney"]
    assert (told["number"], told["until"]) == (NUMBER, "2029-01-14")
    town.sign(document, "director")
    town.work()
    archived = town.document(document)
    assert archived["state"] == "archived"
    assert {one["name"] for one in archived["copies"] if one["store"] == "A"} == {
        "attorney.xml",
        "attorney.xml.sig",
        "document.docx",
        "document.pdf",
        "manifest.json",
    }
    bodies = {file.read_bytes() for file in town.archived_files("B")}
    assert {xml, signature} <= bodies


def test_a_number_alone_is_taken_at_its_word_and_said_to_be(town: Town, pdftotext) -> None:
    document = town.printed()
    signed(town, document, {"number": NUMBER.upper(), "until": "2028-12-31"})
    assert held(town, document) == {
        "term": True,
        "representative": None,
        "powers": None,
        "register": None,
        "signature": None,
    }
    pdf = bytes(town.ask("deputy", "GET", f"/v1/documents/{document}/pdf").data)
    assert NUMBER in "".join("".join(pdftotext(pdf)).split())


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (
            make_attorney(person("Рощин", "Глеб Маркович", "667100000002", "1")),
            "attorney-of-another",
        ),
        (make_attorney(until=date(2026, 2, 1)), "attorney-out-of-term"),
        (make_attorney(number="77"), "attorney-number"),
        (b"<a/>", "attorney-unreadable"),
    ],
)
def test_one_that_does_not_stand_opens_nothing(town: Town, xml: bytes, code: str) -> None:
    document = town.printed()
    before = town.document(document)
    refused = opened(town, document, {"xml": encoded(xml)})
    assert (refused.status_code in {409, 422}, refused.json["code"]) == (True, code)
    assert not any(said in refused.text for said in ("Громова", "Рощин", SNILS))
    assert town.document(document) == before


def test_a_signature_of_other_words_or_by_another_is_refused(town: Town) -> None:
    document = town.printed()
    xml = make_attorney()
    for signature, says in (
        (signature_of(town, make_attorney(joint="1")), "не подтверждена"),
        (signature_of(town, xml, "deputy"), "подписал не доверитель"),
        (b"not a signature", "не читается"),
    ):
        sent = {"xml": encoded(xml), "signature": encoded(signature)}
        refused = opened(town, document, sent)
        assert (refused.status_code, refused.json["code"]) == (409, "attorney-signature")
        assert says in refused.json["detail"]


def test_one_that_ended_while_the_session_lasted_is_refused(town: Town) -> None:
    document = town.printed()
    midnight = town.clock().astimezone(ZONE).replace(hour=23, minute=59, second=59)
    today = midnight.date()
    xml = make_attorney(until=today)
    session = opened(town, document, {"xml": encoded(xml)}, minutes=1440).json
    assert session["attorney"]["until"] == today.isoformat()
    town.clock.at = midnight + timedelta(seconds=1)
    done = answered(town, document, session)
    assert (done.status_code, done.json["code"]) == (409, "attorney-out-of-term")
    assert town.document(document)["state"] == "awaiting-deputy"


def test_a_seal_needs_none(sealed_town: Town) -> None:
    town = sealed_town
    document = town.printed()
    town.sign(document, "deputy")
    key = town.key("seal")
    sent = {
        "role": "seal",
        "documents": [document],
        "certificates": [encoded(one.dump()) for one in (key.certificate, *key.chain)],
        "attorney": {"number": NUMBER},
    }
    refused = town.ask("seal", "POST", "/v1/signing-sessions", json=sent)
    assert (refused.status_code, refused.json["code"]) == (409, "attorney-needless")


def test_a_school_may_want_one_of_its_deputies(strict_town: Town) -> None:
    town = strict_town
    document = town.printed()
    for refused in (opened(town, document, None), town.open_signature(document, "deputy")):
        assert (refused.status_code, refused.json["code"]) == (409, "attorney-required")
    signed(town, document, {"xml": encoded(make_attorney())})
    assert town.sign(document, "director")["state"] == "depositing"
