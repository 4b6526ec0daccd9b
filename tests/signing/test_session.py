"""Prepare, sign elsewhere, embed: what goes through, and everything that must not."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import x509
from pypdf import PdfReader
from pypdf.generic import NameObject

from signing.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateUntrusted,
    DocumentLocked,
    FieldMissing,
    FieldSigned,
    PreparedAltered,
    RevocationUnknown,
    SignatureBroken,
    SigningRefused,
    TimestampUnavailable,
    ValueMismatch,
    WrongKeyUsage,
)
from signing.reports import Level
from signing.session import embed, prepare
from signing.timestamps import Timestamper
from signing.verify import verify


@pytest.fixture
def prepared(desk, blank):
    """The blank prepared for the director, and her key."""
    key = desk.key("director")
    return prepare(blank, "director", key.certificate, key.chain, stamp=desk.stamp, at=desk.now)


@pytest.fixture
def finish(desk):
    """Embed with everything at hand; any of it may be replaced."""

    def embedded(pdf, state, value, **other):
        given = {"timestamper": desk.timestamper, "trust": desk.trust, "at": desk.now, **other}
        return embed(pdf, state, value, **given)

    return embedded


def test_both_sign_and_both_hold(desk, by_both):
    deputy, director = verify(by_both, desk.trust, desk.now)
    assert (deputy.field, deputy.valid, deputy.certifies, deputy.locks) == (
        "deputy", True, True, False,
    )  # fmt: skip
    assert (director.field, director.valid, director.certifies, director.locks) == (
        "director", True, False, True,
    )  # fmt: skip


def test_a_signature_is_an_increment(blank, by_deputy, by_both):
    assert by_deputy.startswith(blank)
    assert by_both.startswith(by_deputy)


def test_the_description_of_the_document_is_left_alone(blank, by_both):
    before, after = (PdfReader(BytesIO(pdf)) for pdf in (blank, by_both))
    assert after.metadata == before.metadata
    metadata = NameObject("/Metadata")
    assert after.root_object[metadata].get_data() == before.root_object[metadata].get_data()


def test_the_signed_file_is_still_an_archive_file(by_both, verapdf):
    verdict = verapdf(by_both, "3u")
    assert verdict.passed, verdict.broken


def test_the_value_may_come_after_a_restart(desk, prepared, finish):
    assert len(prepared.state) < 8192
    assert json.loads(prepared.state)["version"] == 1
    value = desk.key("director").sign(prepared.to_sign)
    signed = finish(bytes(prepared.pdf), bytes(prepared.state), value)
    assert [report.valid for report in verify(signed, desk.trust, desk.now)] == [True]


def test_without_a_timestamp_the_time_is_only_claimed(desk, prepared, finish):
    value = desk.key("director").sign(prepared.to_sign)
    (report,) = verify(
        finish(prepared.pdf, prepared.state, value, timestamper=None), desk.trust, desk.now
    )
    assert (report.valid, report.level, report.signed_at_source) == (True, Level.B_B, "claimed")


def test_a_value_of_another_key_is_refused(desk, prepared, finish):
    with pytest.raises(ValueMismatch, match="другой ключ"):
        finish(prepared.pdf, prepared.state, desk.key("revoked").sign(prepared.to_sign))


def test_a_value_for_another_document_is_refused(desk, prepared, finish, make_document):
    key = desk.key("director")
    other = prepare(
        make_document(1), "director", key.certificate, key.chain, stamp=None, at=desk.now
    )
    with pytest.raises(ValueMismatch, match="другой документ"):
        finish(prepared.pdf, prepared.state, key.sign(other.to_sign))


@pytest.mark.parametrize("value", [b"", b"\x00" * 256, b"\x30\x06\x02\x01\x01\x02\x01\x01"])
def test_a_value_that_is_none_is_refused(prepared, finish, value):
    with pytest.raises(ValueMismatch):
        finish(prepared.pdf, prepared.state, value)


@pytest.mark.parametrize("place", [100, -1])
def test_an_altered_file_is_refused(desk, prepared, finish, place):
    pdf = bytearray(prepared.pdf)
    pdf[place] ^= 1
    with pytest.raises(PreparedAltered, match="заново"):
        finish(bytes(pdf), prepared.state, desk.key("director").sign(prepared.to_sign))


def test_a_file_with_something_in_the_room_is_refused(desk, prepared, finish):
    room = prepared.pdf.index(b"<" + b"0" * 64)
    pdf = prepared.pdf[: room + 1] + b"DEAD" + prepared.pdf[room + 5 :]
    with pytest.raises(PreparedAltered):
        finish(pdf, prepared.state, desk.key("director").sign(prepared.to_sign))


@pytest.mark.parametrize(
    "state",
    [b"", b"[]", b"{}", b'{"version": 2}', b'{"version": 1, "start": 1, "end": "x"}', b"\xff"],
)
def test_a_state_that_is_none_is_refused(prepared, finish, state):
    with pytest.raises(PreparedAltered):
        finish(prepared.pdf, state, b"value")


@pytest.mark.parametrize("change", [{"start": 10}, {"end": 10**9}, {"start": -5}, {"end": 0}])
def test_a_state_that_points_elsewhere_is_refused(desk, prepared, finish, change):
    state = json.dumps({**json.loads(prepared.state), **change}).encode()
    with pytest.raises(PreparedAltered):
        finish(prepared.pdf, state, desk.key("director").sign(prepared.to_sign))


@pytest.mark.parametrize(
    ("who", "error", "words"),
    [
        ("expired", CertificateExpired, "истёк .*Получите новый"),
        ("early", CertificateNotYetValid, "начнёт действовать .*Дождитесь"),
    ],
)
def test_a_certificate_out_of_its_time_is_refused_at_once(desk, blank, who, error, words):
    key = desk.key(who)
    with pytest.raises(error, match=words):
        prepare(blank, "deputy", key.certificate, key.chain, stamp=None, at=desk.now)


def test_a_certificate_that_ends_meanwhile_is_refused(desk, prepared, finish):
    later = desk.now + timedelta(days=500)
    with pytest.raises(CertificateExpired):
        finish(prepared.pdf, prepared.state, desk.key("director").sign(prepared.to_sign), at=later)


def test_a_revoked_certificate_is_refused(desk, blank):
    with pytest.raises(CertificateRevoked, match=r"отозван .*другим сертификатом"):
        desk.sign(blank, "deputy", "revoked")


def test_a_certificate_of_strangers_is_refused(finish, stranger):
    value = stranger.key.sign(stranger.prepared.to_sign)
    with pytest.raises(CertificateUntrusted, match="доверенному корневому"):
        finish(stranger.prepared.pdf, stranger.prepared.state, value)


def test_a_certificate_for_something_else_is_refused(desk, blank, authority):
    for label in ("root", "issuing"):
        with pytest.raises(WrongKeyUsage, match="не для подписания"):
            prepare(blank, "deputy", authority.certificate(label), (), stamp=None, at=desk.now)


def test_when_nobody_tells_about_revocation_nothing_is_signed(finish, stranger):
    value = stranger.key.sign(stranger.prepared.to_sign)
    believing = stranger.authority.trust(timeout=10)
    with pytest.raises(RevocationUnknown, match="Повторите позже"):
        finish(stranger.prepared.pdf, stranger.prepared.state, value, trust=believing)


def test_when_no_timestamp_comes_nothing_is_signed(desk, prepared, finish):
    value = desk.key("director").sign(prepared.to_sign)
    silent = Timestamper(["http://127.0.0.1:9/"], timeout=10)
    with pytest.raises(TimestampUnavailable, match="нет связи"):
        finish(prepared.pdf, prepared.state, value, timestamper=silent)


def test_a_timestamp_of_strangers_is_not_taken(desk, prepared, finish, stranger):
    value = desk.key("director").sign(prepared.to_sign)
    theirs = Timestamper([stranger.authority.timestamp_url])
    with (
        stranger.authority.serve(at=desk.now),
        pytest.raises(TimestampUnavailable, match="нельзя верить"),
    ):
        finish(prepared.pdf, prepared.state, value, timestamper=theirs)


def test_a_timestamp_on_something_else_is_not_taken(desk, prepared, finish):
    class Replaying:
        def token(self, value):
            return desk.timestamper.token(value + b"!")

    value = desk.key("director").sign(prepared.to_sign)
    with pytest.raises(TimestampUnavailable, match="нельзя верить"):
        finish(prepared.pdf, prepared.state, value, timestamper=Replaying())


def test_the_same_field_is_not_signed_twice(desk, by_deputy):
    with pytest.raises(FieldSigned, match="уже подписано"):
        desk.sign(by_deputy, "deputy")


def test_a_field_that_is_not_there_is_named(desk, blank):
    with pytest.raises(FieldMissing, match=r"«secretary».*«deputy», «director»"):
        desk.sign(blank, "secretary", "deputy")


def test_nothing_is_signed_after_the_director(desk, blank):
    locked = desk.sign(blank, "director")
    with pytest.raises(DocumentLocked, match="закрыт подписью в поле «director»"):
        desk.sign(locked, "deputy")


def test_nobody_signs_over_a_broken_signature(desk, by_deputy):
    pdf = bytearray(by_deputy)
    pdf[200] ^= 1
    with pytest.raises(SignatureBroken, match="нарушена"):
        desk.sign(bytes(pdf), "director")


def test_an_absurd_chain_is_refused(desk, blank, authority):
    issuing = authority.chain()[0]
    long_chain = [replaced_subject(issuing, number) for number in range(12)]
    certificate = desk.key("director").certificate
    with pytest.raises(SigningRefused, match="слишком велика"):
        prepare(blank, "director", certificate, [issuing, *long_chain], stamp=None, at=desk.now)


def replaced_subject(certificate, number):
    """Return a look-alike issuer of the previous one, never validated here."""
    copy = x509.Certificate.load(certificate.dump())
    names = ["Тестовый удостоверяющий центр vedomost, корневой", *map(str, range(20))]
    name = {"country_name": "RU", "common_name": names[number]}
    copy["tbs_certificate"]["subject"] = x509.Name.build(name)
    copy["tbs_certificate"]["issuer"] = x509.Name.build({**name, "common_name": names[number + 1]})
    copy["tbs_certificate"]["extensions"] = [
        extension
        for extension in certificate["tbs_certificate"]["extensions"]
        if not extension["extn_id"].native.endswith("key_identifier")
    ]
    return x509.Certificate.load(copy.dump(force=True))
