"""Detached CAdES: OpenSSL is the judge, others' bytes stay, and nothing foreign gets in."""

from __future__ import annotations

import random
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from clients import Client
from judges.cades import CadesJudge

from signing import detached, signed_data
from signing.announced import LARGEST_STATE
from signing.answers import Container, RawValue
from signing.detached import digest_of
from signing.errors import (
    AnswerOtherDocument,
    CertificateRevoked,
    PreparedAltered,
    SignaturesOfOther,
    SignaturesUnreadable,
    SigningError,
    ValueMismatch,
)
from signing.reports import Level, TimeSource
from signing.verify import verify_detached

CONTENT = "Сводная ведомость\n".encode() * 100_000


@pytest.fixture(scope="module")
def judged(authority, tmp_path_factory):
    return CadesJudge.of(tmp_path_factory.mktemp("cades"), authority.chain())


@pytest.fixture(scope="module")
def signed_by(desk):
    """`signed_by(who, existing)`: the `.p7s` of CONTENT with one signature more."""

    def sign(who: str, existing: bytes | None = None, content: bytes = CONTENT) -> bytes:
        return detached.sign(
            digest_of(content),
            desk.key(who),
            existing=existing,
            timestamper=desk.timestamper,
            trust=desk.trust,
            at=desk.now,
        )

    return sign


@pytest.fixture(scope="module")
def by_one(signed_by):
    return signed_by("deputy")


@pytest.fixture(scope="module")
def by_two(signed_by, by_one):
    return signed_by("director", by_one)


@pytest.mark.parametrize("who", ["deputy", "director"])  # RSA, EC
def test_one_signer(signed_by, judged, who):
    p7s = signed_by(who)
    assert judged(p7s, CONTENT) == ""
    assert "content verify error" in judged(p7s, CONTENT[:-1] + b"!")


def test_two_signers(judged, by_one, by_two):
    assert len(signed_data.read(by_two)["signer_infos"]) == 2
    assert judged(by_two, CONTENT) == ""
    assert "content verify error" in judged(by_two, b"other")
    (first,) = signed_data.read(by_one)["signer_infos"]
    assert first.dump() in by_two
    assert cms.ContentInfo.load(by_two, strict=True).dump(force=True) == by_two


def test_what_a_baseline_signature_has(desk, by_one):
    signed = signed_data.read(by_one)
    (signer,) = signed["signer_infos"]
    kinds = [one["type"].native for one in signer["signed_attrs"]]
    assert sorted(kinds) == [
        "content_type",
        "message_digest",
        "signing_certificate_v2",
        "signing_time",
    ]
    (claimed,) = (
        one["values"][0].native
        for one in signer["signed_attrs"]
        if one["type"].native == "signing_time"
    )
    assert claimed == desk.now
    (stamp,) = signer["unsigned_attrs"]
    assert stamp["type"].native == "signature_time_stamp_token"
    assert signed["version"].native == "v5"


def test_file_proves_itself_without_asking_anybody(desk, by_two):
    signed = signed_data.read(by_two)
    evidence = signed_data.evidence_in(signed)
    assert evidence.ocsps or evidence.crls
    for who in ("deputy", "director"):
        desk.trust.check_past(desk.key(who).certificate, desk.now, evidence)
    assert len({one.dump() for one in evidence.certificates}) == len(evidence.certificates)


def test_content_is_digested_wherever_it_is(tmp_path: Path):
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    with file.open("rb") as stream:
        stream.read(7)
        found = {
            digest_of(source)("sha256") for source in (CONTENT, file, stream, BytesIO(CONTENT))
        }
    assert len(found) == 1


def test_state_is_small_and_enough(desk, judged):
    key, prepared = desk.key("director"), prepared_for(desk, "director")
    assert len(prepared.state) < LARGEST_STATE
    assert prepared.document_digest == digest_of(CONTENT)("sha256")
    p7s = detached.embed(
        prepared.state,
        RawValue(key.sign(prepared.to_sign)),
        existing=None,
        timestamper=None,
        trust=desk.trust,
        at=desk.now,
    )
    assert judged(p7s, CONTENT) == ""


def test_our_own_report_agrees(desk, by_two):
    reports = verify_detached(by_two, digest_of(CONTENT), desk.trust, desk.now)
    assert [(one.valid, one.level, one.signed_at_source) for one in reports] == [
        (True, Level.B_LT, TimeSource.TIMESTAMP)
    ] * 2
    altered = verify_detached(by_two, digest_of(CONTENT + b"!"), desk.trust, desk.now)
    assert [one.valid for one in altered] == [False, False]


@pytest.mark.parametrize("who", ["deputy", "director"])
def test_whole_cms_of_a_client_beside_the_first(desk, judged, signed_by, who):
    other = "director" if who == "deputy" else "deputy"
    first = signed_by(other)
    client = Client(desk.key(who), signing_time=desk.now)
    prepared = prepared_for(desk, who)
    sent = client.cms(prepared.document_digest)
    p7s = embed(desk, prepared.state, Container(sent), first)
    assert judged(p7s, CONTENT) == ""
    assert client.signer_info(prepared.document_digest)["signed_attrs"].contents in p7s


@pytest.mark.parametrize(("signer", "signed"), [("director", "to_sign"), ("deputy", "state")])
def test_foreign_value(desk, signer, signed):
    prepared = prepared_for(desk, "deputy")
    with pytest.raises(ValueMismatch):
        embed(desk, prepared.state, desk.key(signer).sign(getattr(prepared, signed)))


def test_cms_of_another_file(desk):
    prepared = prepared_for(desk, "deputy")
    sent = Client(desk.key("deputy")).cms(digest_of(b"another file")("sha256"))
    with pytest.raises(AnswerOtherDocument):
        embed(desk, prepared.state, Container(sent))


def test_revoked_signer(desk):
    prepared = prepared_for(desk, "revoked")
    value = desk.key("revoked").sign(prepared.to_sign)
    with pytest.raises(CertificateRevoked):
        embed(desk, prepared.state, value)


def test_state_of_a_pdf_is_no_state_of_a_file(desk, stranger):
    with pytest.raises(PreparedAltered):
        embed(desk, stranger.prepared.state, b"value")


def test_second_signature_of_another_file(signed_by, by_one):
    with pytest.raises(SignaturesOfOther):
        signed_by("director", by_one, b"another file")


@pytest.mark.parametrize("existing", [b"", b"text", b"0\x80\x00", CONTENT, "cut", "tail"])
def test_unreadable_signatures(signed_by, by_one, existing):
    broken = {"cut": by_one[:-9], "tail": by_one + b"\0"}
    with pytest.raises(SignaturesUnreadable):
        signed_by("director", broken.get(existing, existing))


@pytest.mark.parametrize("seed", range(30))
def test_a_spoiled_byte_never_reaches_the_reader_as_a_crash(desk, by_two, seed):
    dice = random.Random(seed)
    spoiled = bytearray(by_two)
    for _ in range(dice.choice((1, 1, 3))):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    with suppress(SigningError):
        reports = verify_detached(bytes(spoiled), digest_of(CONTENT), desk.trust, desk.now)
        assert all(one.reason or one.valid for one in reports)


def prepared_for(desk, who):
    key = desk.key(who)
    return detached.prepare(digest_of(CONTENT), key.certificate, key.chain, at=desk.now)


def embed(desk, state, answer, existing=None):
    return detached.embed(
        state,
        answer,
        existing=existing,
        timestamper=desk.timestamper,
        trust=desk.trust,
        at=desk.now,
    )
