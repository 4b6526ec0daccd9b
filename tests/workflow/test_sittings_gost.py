"""A sitting with keys on GOST curves: raw values and whole containers, PDF and DOCX."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from clients import Client
from gost_authority import GostAuthority
from judges.cades import CadesJudge
from sittings import DEPUTY, DIRECTOR, answered, opened, printed, seen, text, values
from town import Town

from service.ledger.signing import sessions
from signing.verify import verify

SMALL = 8192  # bytes of state an item may keep, all its files together


def test_gost_keys_sign_pdf_and_docx(national: Town, gost: GostAuthority, tmp_path: Path) -> None:
    documents = printed(national, 2)
    for role in (DEPUTY, DIRECTOR):
        key = gost.key(role)
        session = opened(national, role, documents, key).json
        one, two = session["items"]
        assert {part["digest_algorithm"] for part in one["parts"]} == {"streebog256"}
        assert {part["signature_algorithm"] for part in one["parts"]} == {"gost2012_256"}
        raw = answered(national, session, one["document"], values(one, key))
        assert (raw.status_code, raw.json["state"]) == (200, "signed"), raw.text
        assert max(_kept(national, session)) <= SMALL
        client = Client(key)
        whole = {
            part["file"]: {"cms": client.cades_com(base64.b64decode(part["document_digest"]).hex())}
            for part in two["parts"]
        }
        taken = answered(national, session, two["document"], whole)
        assert (taken.status_code, taken.json["state"]) == (200, "signed"), taken.text
        assert seen(national, session)["state"] == "complete"

    pdf = national.ask(DIRECTOR, "GET", f"/v1/documents/{documents[1]}/pdf").data
    reports = verify(pdf, national.service.verify.trust, national.clock())
    assert [(one.field, one.valid, one.level) for one in reports] == [
        (DEPUTY, True, "B-LT"),
        (DIRECTOR, True, "B-LT"),
    ]
    docx = national.ask(DIRECTOR, "GET", f"/v1/documents/{documents[0]}/docx").data
    p7s = national.ask(DIRECTOR, "GET", f"/v1/documents/{documents[0]}/docx.p7s").data
    folder = tmp_path / "judged"
    folder.mkdir()
    assert CadesJudge.of(folder, gost.chain(), "gost")(p7s, docx) == ""


def _kept(town: Town, session: dict[str, Any]) -> list[int]:
    """Return how many bytes each item of a session keeps in the ledger."""
    with town.service.database.reading() as connection:
        held = sessions.parts(connection, session["id"]).values()
    return [
        sum(len(one.state) + len(one.to_sign) + len(one.document_digest) for one in parts)
        for parts in held
    ]


def test_half_an_answer_stores_nothing(national: Town, gost: GostAuthority) -> None:
    (document,) = printed(national, 1)
    key, other = gost.key(DEPUTY), gost.key(DIRECTOR)
    session = opened(national, DEPUTY, [document], key).json
    (item,) = session["items"]
    good, bad = values(item, key), values(item, other)
    for wrong, code in (
        (good | {"document.docx": bad["document.docx"]}, "value-mismatch"),
        (good | {"document.pdf": bad["document.pdf"]}, "value-mismatch"),
        ({"document.pdf": good["document.pdf"]}, "answers-mismatch"),
    ):
        refused = answered(national, session, document, wrong)
        assert refused.json["code"] == code
    assert national.document(document)["signatures"] == []
    unsigned = national.ask(DEPUTY, "GET", f"/v1/documents/{document}/docx.p7s")
    assert unsigned.status_code == 404
    swapped = good | {
        "document.docx": {"value": text(base64.b64decode(good["document.docx"]["value"])[::-1])}
    }
    assert answered(national, session, document, swapped).status_code == 200

    alone = national.open_signature(document, DIRECTOR)
    assert (alone.status_code, alone.json["code"]) == (409, "several-files")
