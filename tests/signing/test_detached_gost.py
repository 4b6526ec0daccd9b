"""Detached signatures by GOST keys, alone and beside others; OpenSSL with its engine judges."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from clients import Client
from judges.cades import CadesJudge

from signing import detached
from signing.answers import Container, RawValue
from signing.detached import digest_of
from signing.reports import Level
from signing.trust import Trust
from signing.verify import verify_detached

CONTENT = "Опись пакета\n".encode() * 1000


@pytest.fixture(scope="module")
def everybody(authority, gost):
    return Trust(anchors=(*authority.trust().anchors, *gost.trust().anchors), timeout=20)


@pytest.fixture(scope="module")
def judged(authority, gost, tmp_path_factory):
    roots = (*authority.chain(), *gost.chain())
    return CadesJudge.of(tmp_path_factory.mktemp("cades-gost"), roots, engine="gost")


@pytest.mark.parametrize("who", ["director", "director512"])
@pytest.mark.parametrize("form", ["value", "reversed value", "container"])
def test_every_answer_becomes_a_signature(form, who, gost, everybody, judged):
    key, now = gost.key(who), datetime.now(UTC)
    prepared = detached.prepare(digest_of(CONTENT), key.certificate, key.chain, at=now)
    assert prepared.document_digest == digest_of(CONTENT)(key.algorithm.digest)
    client = Client(key, binding_digest=key.algorithm.digest, signing_time=now)
    answer = {
        "value": lambda: RawValue(key.sign(prepared.to_sign)),
        "reversed value": lambda: RawValue(bytes.fromhex(client.raw_signature(prepared.to_sign))),
        "container": lambda: Container(client.cades_com(prepared.document_digest.hex()).encode()),
    }[form]()
    p7s = detached.embed(
        prepared.state,
        answer,
        existing=None,
        timestamper=gost.timestamper(),
        trust=everybody,
        at=now,
    )
    assert judged(p7s, CONTENT) == ""
    assert judged(p7s, CONTENT[1:]) != ""
    (report,) = verify_detached(p7s, digest_of(CONTENT), everybody, now)
    assert (report.valid, report.level) == (True, Level.B_LT), report.reason


def test_gost_beside_rsa(desk, gost, everybody, judged):
    now, p7s = datetime.now(UTC), None
    for key in (desk.key("deputy"), gost.key("director")):
        p7s = detached.sign(
            digest_of(CONTENT),
            key,
            existing=p7s,
            timestamper=desk.timestamper,
            trust=everybody,
            at=now,
        )
    assert judged(p7s, CONTENT) == ""
    reports = verify_detached(p7s, digest_of(CONTENT), everybody, now)
    assert [one.valid for one in reports] == [True, True], [one.reason for one in reports]
    assert [one.valid for one in verify_detached(p7s, digest_of(b"!"), everybody, now)] == [
        False
    ] * 2
