"""Verification over HTTP: a file, a detached signature, a paper; in JSON and as a protocol."""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO

import pytest
from pypdf import PdfReader
from town import Town

from service.workflow.keeping.deposit import DOCX, MEDIA_TYPES, PDF
from signing import detached
from signing.detached import digest_of
from signing.timestamps import Timestamper

CONTENT = "Сводная ведомость\n".encode() * 1000
AWAY = "B.away"


def posted(town: Town, body: bytes, accept: str = "application/json", path: str = "/v1/verify"):
    headers = {"Accept": accept}
    return town.ask(None, "POST", path, data=body, content_type=MEDIA_TYPES[PDF], headers=headers)


@pytest.fixture
def signed(town: Town) -> str:
    """The id of a document both have signed, archived in both stores."""
    document = town.signed()
    town.work()
    return document


@pytest.fixture
def pdf(town: Town, signed: str) -> bytes:
    return town.ask("director", "GET", f"/v1/documents/{signed}/pdf").data


def test_every_layer_is_told(town: Town, signed: str, pdf: bytes) -> None:
    told = posted(town, pdf).json
    assert (told["valid"], told["code"], told["document"]) == (True, "good", signed)
    assert told["answer"].startswith("Подпись верна. Документ не изменялся после подписания ")
    assert "Подписали: Громова Ольга Ивановна, Светлова Анна Юрьевна." in told["answer"]
    assert (told["sha256"], told["size"]) == (hashlib.sha256(pdf).hexdigest(), len(pdf))
    deputy, director = told["signatures"]
    assert [link["revocation"]["standing"] for link in deputy["chain"]] == [
        "good",
        "good",
        "anchor",
    ]
    assert deputy["chain"][0]["revocation"]["source"] == "ocsp"
    assert deputy["chain"][0]["revocation"]["inside"] is True
    assert director["timestamp"]["authority"].endswith("служба меток времени")
    assert director["extent"]["revision"] < director["extent"]["revisions"]
    assert deputy["algorithms"]["digest"] == "SHA-256"
    assert deputy["raw"] is None


def test_raw_data_comes_when_asked_for(town: Town, pdf: bytes) -> None:
    raw = posted(town, pdf, path="/v1/verify?raw=true").json["signatures"][0]["raw"]
    assert all(base64.b64decode(one)[:1] == b"0" for kind in raw.values() for one in kind)
    assert {kind: bool(found) for kind, found in raw.items()} == dict.fromkeys(
        ("certificates", "ocsps", "crls", "timestamps"), True
    )


def test_what_is_wrong_is_said_in_words(town: Town, pdf: bytes) -> None:
    told = posted(town, pdf.replace(b"/MediaBox", b"/MediaBoy", 1)).json
    assert (told["valid"], told["code"]) == (False, "altered")
    assert told["answer"].startswith("Подпись не подтверждена: ")
    assert "документ изменён после подписания" in told["answer"]


def test_whoever_holds_the_paper_needs_no_token(town: Town, signed: str) -> None:
    answer = town.ask(None, "GET", f"/v1/verify/{signed}")
    assert answer.status_code == 200
    told = answer.json
    assert (told["valid"], told["code"], told["awaited"]) == (True, "good", [])
    year = int(told["retention"]["keep_until"][:4])
    assert told["retention"]["destroy_from"] == f"{year + 1}-01-01"
    assert told["retention"]["modes"] == ["WRITE-ONCE"]
    assert {(one["store"], one["good"], one["answered"]) for one in told["copies"]} == {
        ("A", True, True),
        ("B", True, True),
    }
    assert told["copies"][0]["checked"] == town.clock().isoformat().replace("+00:00", "Z")
    snapshot = town.ask("journal", "GET", f"/v1/documents/{signed}").json
    assert snapshot["class_title"]
    assert "Абрамов" not in answer.text


def test_a_paper_nobody_signed_does_not_exist(town: Town) -> None:
    document = town.printed()
    for path in (f"/v1/verify/{document}", "/v1/verify/unknown"):
        answer = town.ask(None, "GET", path)
        assert (answer.status_code, answer.json["code"]) == (404, "document-missing")


def test_who_has_not_signed_yet_is_said(town: Town) -> None:
    document = town.printed()
    town.sign(document, "deputy")
    told = town.ask(None, "GET", f"/v1/verify/{document}").json
    assert (told["valid"], told["awaited"], told["copies"]) == (True, ["director"], [])
    assert told["answer"].endswith("Ещё не подписано: директор.")
    assert told["retention"]["keep_until"] is None


def test_a_silent_store_is_neither_good_nor_bad(town: Town, signed: str) -> None:
    (town.folder / "B").rename(town.folder / AWAY)
    for who, path in ((None, f"/v1/verify/{signed}"), ("director", _of_school(signed))):
        told = town.ask(who, "GET", path).json
        assert (told["valid"], told["code"]) == (None, "copy-unavailable")
        assert told["answer"].startswith("Проверить до конца не удалось: хранилище «B» не отвечает")
        assert all(one["valid"] for one in told["signatures"])
        assert {(one["store"], one["good"], one["answered"]) for one in told["copies"]} == {
            ("A", True, True),
            ("B", False, False),
        }
    (town.folder / AWAY).rename(town.folder / "B")
    assert town.ask(None, "GET", f"/v1/verify/{signed}").json["valid"] is True


def test_a_copy_not_made_yet_is_said(town: Town) -> None:
    document = town.signed()
    (town.folder / "B").rename(town.folder / AWAY)
    town.work()
    told = town.ask(None, "GET", f"/v1/verify/{document}").json
    assert (told["valid"], told["code"]) == (None, "copy-missing")
    assert "ещё не лежит в обоих хранилищах" in told["answer"]


def test_a_lost_copy_is_named(town: Town, signed: str) -> None:
    lost = next(one for one in town.archived_files("B") if "document.pdf" in str(one))
    lost.chmod(0o644)
    lost.write_bytes(b"other")
    told = town.ask(None, "GET", f"/v1/verify/{signed}").json
    assert (told["valid"], told["code"]) == (False, "copy-damaged")
    assert told["answer"].startswith("Подпись верна. Но в хранилище «B» файл не тот")


def _of_school(document: str) -> str:
    return f"/v1/documents/{document}/verification"


def test_another_school_sees_no_verification(town: Town, signed: str) -> None:
    assert town.ask("elsewhere", "GET", _of_school(signed)).status_code == 404


@pytest.mark.parametrize("who", [None, "director"])
def test_the_protocol_is_a_paper(town: Town, signed: str, who, verapdf, openxml_audit) -> None:
    path = f"/v1/verify/{signed}" if who is None else _of_school(signed)
    answer = town.ask(who, "GET", path, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Vary"] == "Accept"
    assert verapdf(answer.data, "3u").passed
    reader = PdfReader(BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "ПРОТОКОЛ ПРОВЕРКИ ПОДПИСИ" in text
    assert "Подпись верна." in text
    assert "Светлова Анна Юрьевна — верна" in text
    assert "нельзя" not in text
    assert "закрыт от записи до 31.12." in text
    assert set(reader.attachments) == {"assignment.json", "verification.json"}
    word = town.ask(who, "GET", path, headers={"Accept": MEDIA_TYPES[DOCX]})
    assert (word.status_code, openxml_audit(word.data)) == (200, [])


def test_a_protocol_of_a_strangers_file(town: Town, pdf: bytes) -> None:
    spoiled = pdf.replace(b"/MediaBox", b"/MediaBoy", 1)
    answer = posted(town, spoiled, "application/pdf")
    text = " ".join(PdfReader(BytesIO(answer.data)).pages[0].extract_text().split())
    assert "Подпись не подтверждена:" in text
    assert answer.headers["Content-Disposition"].startswith('inline; filename="verification-')


@pytest.fixture
def p7s(town: Town) -> bytes:
    return detached.sign(
        digest_of(CONTENT),
        town.key("director"),
        existing=None,
        timestamper=Timestamper([town.authority.timestamp_url]),
        trust=town.service.verify.trust,
        at=town.clock(),
    )


def ask_detached(town: Town, signature: str, **digests: str):
    sent = {"signature": signature, "digests": digests}
    return town.ask(None, "POST", "/v1/verify/detached", json=sent)


def test_a_detached_signature_by_digest(town: Town, p7s: bytes) -> None:
    signature = base64.b64encode(p7s).decode()
    right, wrong = (hashlib.sha256(body).hexdigest() for body in (CONTENT, b"other"))
    told = ask_detached(town, signature, sha256=right).json
    assert (told["valid"], told["sha256"], told["size"]) == (True, right, None)
    assert told["signatures"][0]["level"] == "B-LT"
    told = ask_detached(town, signature, sha256=wrong).json
    assert (told["valid"], told["code"]) == (False, "altered")
    told = ask_detached(town, signature, sha512="0" * 128).json
    assert (told["valid"], told["code"]) == (None, "digest-missing")
    assert "Проверить до конца не удалось" in told["answer"]


def test_what_is_no_signature_is_refused(town: Town) -> None:
    refused = ask_detached(town, "bm90aGluZw==", sha256="0" * 64)
    assert (refused.status_code, refused.json["code"]) == (409, "p7s-unreadable")
    refused = ask_detached(town, "bm90aGluZw==", md5="0" * 32)
    assert (refused.status_code, refused.json["code"]) == (422, "request-invalid")


@pytest.mark.usefixtures("standing_minute")
def test_strangers_share_one_door(quiet_town: Town) -> None:
    most = quiet_town.settings.web.verify_per_minute

    def ask(address: str):
        where = {"REMOTE_ADDR": address}
        return quiet_town.http.get("/v1/verify/none", environ_overrides=where)

    assert {ask("2001:db8::1").status_code for _ in range(most)} == {404}
    closed = ask("2001:db8::2")
    assert (closed.status_code, closed.json["code"]) == (429, "too-many-requests")
    assert 0 < int(closed.headers["Retry-After"]) <= 60
    assert closed.headers["RateLimit-Policy"] == f'"verification";q={most};w=60'
    assert ask("2001:db8:0:1::1").status_code == 404
