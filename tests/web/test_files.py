"""Files over HTTP: their hashes, their parts, and what a stranger may verify."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from town import Town


@pytest.mark.parametrize(("name", "start"), [("pdf", b"%PDF-1.7"), ("docx", b"PK\x03\x04")])
def test_download(quiet_town: Town, name: str, start: bytes) -> None:
    document = quiet_town.document(quiet_town.printed())
    path = f"/v1/documents/{document['id']}/{name}"
    whole = quiet_town.ask("journal", "GET", path)
    assert whole.data.startswith(start)
    assert sha256(whole.data).hexdigest() == document[f"{name}_sha256"]
    digest = base64.b64encode(sha256(whole.data).digest()).decode()
    assert whole.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert whole.headers["ETag"] == f'"{document[f"{name}_sha256"]}"'

    tag = {"If-None-Match": whole.headers["ETag"]}
    assert quiet_town.ask("journal", "GET", path, headers=tag).status_code == 304
    part = quiet_town.ask("journal", "GET", path, headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.data) == (206, whole.data[4:10])
    beyond = quiet_town.ask("journal", "GET", path, headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416
    assert beyond.content_type == "application/problem+json"
    head = quiet_town.ask("journal", "HEAD", path)
    assert (head.data, int(head.headers["Content-Length"])) == (b"", len(whole.data))


def test_parts_as_rfc_9110_has_them(quiet_town: Town) -> None:
    path = f"/v1/documents/{quiet_town.printed()}/pdf"
    whole = quiet_town.ask("journal", "GET", path)
    tag, four = whole.headers["ETag"], {"Range": "bytes=0-3"}
    for sent, status, part in (
        ({"Range": "bytes=-5"}, 206, slice(-5, None)),
        ({"Range": "bytes=-99999999"}, 206, slice(None)),  # all there is (14.1.2)
        ({"Range": "bytes=4-99999999"}, 206, slice(4, None)),
        ({"Range": "bytes=-0"}, 416, None),
        ({"Range": "bytes=0-3,8-9"}, 200, slice(None)),  # several parts: may be ignored (14.2)
        ({"Range": "pages=1-2"}, 200, slice(None)),  # an unknown unit: must be
        ({"Range": "bytes=5-1"}, 200, slice(None)),
        ({"Range": "bytes=0-" + "9" * 5000}, 200, slice(None)),
        (four | {"If-Range": f"W/{tag}"}, 200, slice(None)),  # 13.1.5: strong only
        (four | {"If-Range": "Sun, 22 Nov 2099 15:10:18 GMT"}, 200, slice(None)),
        (four | {"If-None-Match": tag}, 304, None),  # 13.2.2: before the range
        (four | {"If-Match": '"another"'}, 412, None),
        (four | {"If-Match": "*"}, 206, slice(0, 4)),
    ):
        answer = quiet_town.ask("journal", "GET", path, headers=sent)
        assert answer.status_code == status, sent
        assert part is None or answer.data == whole.data[part], sent
    head = quiet_town.ask("journal", "HEAD", path, headers=four)  # 14.2: of GET alone
    assert (head.status_code, int(head.headers["Content-Length"])) == (200, len(whole.data))


def test_anybody_verifies(town: Town) -> None:
    document = town.signed()
    pdf = town.ask("director", "GET", f"/v1/documents/{document}/pdf").data
    answer = town.ask(None, "POST", "/v1/verify", data=pdf, content_type="application/pdf")
    assert answer.status_code == 200
    told = answer.json
    assert (told["valid"], told["document"]) == (True, document)
    assert [(one["field"], one["valid"]) for one in told["signatures"]] == [
        ("deputy", True),
        ("director", True),
    ]
    spoiled = pdf.replace(b"/MediaBox", b"/MediaBoy", 1)
    told = town.ask(None, "POST", "/v1/verify", data=spoiled, content_type="application/pdf").json
    assert (told["valid"], told["document"]) == (False, None)


def test_what_is_not_a_pdf(quiet_town: Town) -> None:
    refused = quiet_town.ask(
        None, "POST", "/v1/verify", data=b"%PDF-1.7 no", content_type="application/pdf"
    )
    assert (refused.status_code, refused.json["code"]) == (409, "document-unreadable")


@pytest.mark.usefixtures("standing_minute")
def test_door_closes_after_so_many(quiet_town: Town) -> None:
    most = quiet_town.settings.web.verify_per_minute
    sent = {"data": b"x", "content_type": "application/pdf"}
    statuses = [quiet_town.ask(None, "POST", "/v1/verify", **sent).status_code for _ in range(most)]
    assert 429 not in statuses
    closed = quiet_town.ask(None, "POST", "/v1/verify", **sent)
    assert (closed.status_code, closed.json["code"]) == (429, "too-many-requests")
