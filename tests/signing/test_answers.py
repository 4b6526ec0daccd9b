"""Containers and raw values as clients return them: what is taken, what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from asn1crypto import algos, pem
from asn1crypto import cms as asn1_cms
from clients import Client, indefinite, junk

from signing.answers import Container, RawValue, accepted
from signing.errors import (
    AnswerAttached,
    AnswerForeignCertificate,
    AnswerIncomplete,
    AnswerOtherDigest,
    AnswerOtherDocument,
    AnswerSigners,
    AnswerTooLarge,
    AnswerTrailing,
    AnswerUnbound,
    AnswerUnreadable,
    AnswerWeakDigest,
    CertificateRevoked,
    SigningError,
    TimestampUnavailable,
    ValueMismatch,
)
from signing.reports import Level
from signing.session import embed, prepare
from signing.verify import verify

ROLES = ("deputy", "director")  # RSA, ECDSA


@pytest.fixture(scope="session")
def prepared_for(desk, blank):
    """Return the blank prepared for somebody of the two, each made once."""
    made = {}
    for who in ROLES:
        key = desk.key(who)
        made[who] = prepare(blank, who, key.certificate, key.chain, stamp=None, at=desk.now)
    return made


@pytest.fixture
def finish(desk):
    """Embed with everything at hand; any of it may be replaced."""

    def embedded(prepared, answer, **other):
        given = {"timestamper": desk.timestamper, "trust": desk.trust, "at": desk.now, **other}
        return embed(prepared.pdf, prepared.state, answer, **given)

    return embedded


@pytest.fixture
def client(desk):
    """The director's program; its habits may be replaced."""
    return Client(desk.key("director"))


@pytest.fixture
def prepared(prepared_for):
    """The blank prepared for the director."""
    return prepared_for["director"]


def container_in(pdf):
    """Return the last signature container of a file, without the zeros after it."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    padded = bytes.fromhex(pdf[start : pdf.index(b">", start)].decode())
    return asn1_cms.ContentInfo.load(padded)["content"]


FORMS = {
    "der": lambda client, digest: client.cms(digest),
    "ber": lambda client, digest: indefinite(client.cms(digest)),
    "pem": lambda client, digest: pem.armor("CMS", client.cms(digest)),
    "plug-in": lambda client, digest: client.cades_com(digest.hex()).encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", ROLES)
def test_a_container_goes_in_whatever_its_form(desk, prepared_for, finish, openssl, who, form):
    client = Client(desk.key(who), signing_time=desk.now)
    digest = prepared_for[who].document_digest
    signed = finish(prepared_for[who], Container(FORMS[form](client, digest)))
    (report,) = verify(signed, desk.trust, desk.now)
    assert (report.valid, report.level, report.signed_at) == (True, Level.B_LT, desk.now)
    (seen,) = openssl(signed)
    assert seen.holds, seen.said


PROTECTED = asn1_cms.CMSAttribute(  # RFC 6211: the algorithms once more, under the signature
    {
        "type": "cms_algorithm_protection",
        "values": [
            {
                "digest_algorithm": {"algorithm": "sha256"},
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            }
        ],
    }
)
HABITS = {
    "attributes in another order": {"backwards": True},
    "an attribute of its own": {"more": (junk(200),)},
    "algorithms under the signature": {"more": (PROTECTED,)},
    "named by the key": {"by_key_identifier": True},
    "no certificates inside": {"carried": ()},
    "the older binding": {"binding": "signing_certificate"},
}


@pytest.mark.parametrize("habit", HABITS)
def test_what_the_client_signed_keeps_every_byte(
    desk, by_deputy, client, finish, openssl, pdfsig, habit
):
    client = replace(client, **HABITS[habit])
    key = client.key
    prepared = prepare(by_deputy, "director", key.certificate, key.chain, stamp=None, at=desk.now)
    made = client.content_info(prepared.document_digest)["content"]["signer_infos"][0]
    sent = client.cms(prepared.document_digest)
    signed = finish(prepared, Container(sent))
    kept = container_in(signed)["signer_infos"][0]
    assert kept["signed_attrs"].dump() == made["signed_attrs"].dump()
    assert kept["signature"].native in sent
    assert [report.valid for report in verify(signed, desk.trust, desk.now)] == [True, True]
    assert [seen.holds for seen in openssl(signed)] == [True, True]
    assert [seen.valid for seen in pdfsig(signed)] == [True, True]


def test_it_brings_the_issuers_we_were_not_told_of(desk, blank, client, finish):
    key = desk.key("director")
    alone = prepare(blank, "director", key.certificate, (), stamp=None, at=desk.now)
    signed = finish(alone, Container(client.cms(alone.document_digest)))
    held = container_in(signed)["certificates"]
    assert [one.chosen.sha256 for one in held] == [
        key.certificate.sha256,
        key.chain[0].sha256,
    ]


DIGEST = b"\x05" * 32
SPOILT = {  # client, digest: what comes back
    "not CMS": (lambda _c, _d: b"%PDF-1.7", AnswerUnreadable, "не читается"),
    "nothing": (lambda _c, _d: b"", AnswerUnreadable, "не читается"),
    "text": (lambda _c, _d: "подпись".encode(), AnswerUnreadable, "не читается"),
    "broken PEM": (lambda _c, _d: b"-----BEGIN CMS-----\nAA", AnswerUnreadable, "не читается"),
    "truncated": (lambda c, d: c.cms(d)[:-40], AnswerUnreadable, "обрезан"),
    "truncated base64": (
        lambda c, d: c.cades_com(d.hex())[:-100].encode(), AnswerUnreadable, "обрезан",
    ),
    "a certificate": (lambda c, _d: c.key.certificate.dump(), AnswerUnreadable, "не читается"),
    "enveloped": (
        lambda _c, d: asn1_cms.ContentInfo({"content_type": "data", "content": d}).dump(),
        AnswerUnreadable, "не читается",
    ),
    "trailing bytes": (lambda c, d: c.cms(d) + b"\x00" * 3, AnswerTrailing, "байт: 3"),
    "enormous": (lambda _c, _d: b"\x30" * (1 << 19), AnswerTooLarge, "больше допустимых"),
    "larger than its room": (
        lambda c, d: replace(c, more=(junk(30_000),)).cms(d), AnswerTooLarge, "отведено",
    ),
    "attached": (lambda c, d: replace(c, content=b"words").cms(d), AnswerAttached, "вложен"),
    "no signer": (lambda c, d: replace(c, signers=0).cms(d), AnswerSigners, "в ответе: 0"),
    "two signers": (lambda c, d: replace(c, signers=2).cms(d), AnswerSigners, "в ответе: 2"),
    "another document": (lambda c, _d: c.cms(DIGEST), AnswerOtherDocument, "не от этого"),
    "bound to another certificate": (
        lambda c, d: replace(c, bound_to=c.key.chain[0]).cms(d),
        AnswerForeignCertificate, "не тем сертификатом",
    ),
    "not bound": (lambda c, d: replace(c, binding=None).cms(d), AnswerUnbound, "CAdES-BES"),
    "no digest": (
        lambda c, d: replace(c, without=frozenset({"message_digest"})).cms(d),
        AnswerIncomplete, r"message-digest\)», а найдено: 0",
    ),
    "two digests": (
        lambda c, d: replace(
            c, more=(asn1_cms.CMSAttribute({"type": "message_digest", "values": [DIGEST]}),)
        ).cms(d),
        AnswerIncomplete, "найдено: 2",
    ),
    "no content type": (
        lambda c, d: replace(c, without=frozenset({"content_type"})).cms(d),
        AnswerIncomplete, "content-type",
    ),
    "another content type": (
        lambda c, d: replace(c, content_type="tst_info").cms(d), AnswerIncomplete, "tst_info",
    ),
    "no signed attributes": (
        lambda c, d: replace(c, without=frozenset({"signed_attrs"})).cms(d),
        AnswerIncomplete, "нет подписанных атрибутов",
    ),
    "a weak digest": (
        lambda c, d: replace(c, digest_algorithm="sha1", signature_algorithm="sha1_ecdsa").cms(d),
        AnswerWeakDigest, "sha1.*Нужен sha256",
    ),
    "a weak digest in the signature alone": (
        lambda c, d: replace(c, signature_algorithm="sha1_ecdsa").cms(d), AnswerWeakDigest, "sha1",
    ),
    "a weakly bound certificate": (
        lambda c, d: replace(c, binding_digest="md5").cms(d), AnswerWeakDigest, "md5",
    ),
    "another digest": (
        lambda c, d: replace(
            c, digest_algorithm="sha512", signature_algorithm="sha512_ecdsa"
        ).cms(d),
        AnswerOtherDigest, "sha512.*назначен sha256",
    ),
    "an algorithm of another key": (
        lambda c, d: replace(c, signature_algorithm="sha256_rsa").cms(d), ValueMismatch, "не подх",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_a_container_is_refused_for_what_is_wrong_with_it(prepared, client, finish, what):
    make, error, words = SPOILT[what]
    with pytest.raises(error, match=words) as refused:
        finish(prepared, Container(make(client, prepared.document_digest)))
    assert type(refused.value) is error


def test_a_container_of_somebody_else_is_refused(desk, prepared, finish, stranger):
    for key in (desk.key("deputy"), stranger.key):
        with pytest.raises(AnswerForeignCertificate, match="выберите тот же сертификат"):
            finish(prepared, Container(Client(key).cms(prepared.document_digest)))


def test_a_container_from_an_earlier_try_is_refused(desk, blank, prepared, client, finish):
    key = desk.key("director")
    before = prepare(blank, "director", key.certificate, key.chain, stamp=desk.stamp, at=desk.now)
    with pytest.raises(AnswerOtherDocument, match="прежней попытки"):
        finish(prepared, Container(client.cms(before.document_digest)))


def test_a_container_whose_value_was_touched_is_refused(prepared, client, finish):
    made = client.content_info(prepared.document_digest)
    signer = made["content"]["signer_infos"][0]
    signer["signature"] = client.key.sign(b"other words")
    with pytest.raises(ValueMismatch, match="другой ключ"):
        finish(prepared, Container(made.dump()))


def test_whose_certificate_is_revoked_may_not_sign_with_a_container_either(desk, blank, finish):
    key = desk.key("revoked")
    made = prepare(blank, "deputy", key.certificate, key.chain, stamp=None, at=desk.now)
    with pytest.raises(CertificateRevoked):
        finish(made, Container(Client(key).cms(made.document_digest)))


def test_after_a_refusal_the_same_file_takes_the_right_answer(desk, prepared, client, finish):
    pdf, state = bytes(prepared.pdf), bytes(prepared.state)
    with pytest.raises(AnswerOtherDocument):
        finish(prepared, Container(client.cms(DIGEST)))
    assert (prepared.pdf, prepared.state) == (pdf, state)
    signed = finish(prepared, Container(client.cms(prepared.document_digest)))
    assert [report.valid for report in verify(signed, desk.trust, desk.now)] == [True]


class Silent:
    """A timestamp authority nobody may need."""

    def token(self, _value):
        """Answer as all do when the network is down."""
        raise TimestampUnavailable("Служба меток времени не отвечает.")


def with_token(client, digest, source):
    """Return the client's container with a timestamp by `source`, and the token."""
    made = client.content_info(digest)
    signer = made["content"]["signer_infos"][0]
    token = source.token(signer["signature"].native).dump()
    stamp = asn1_cms.CMSAttribute(
        {
            "type": "signature_time_stamp_token",
            "values": [asn1_cms.ContentInfo.load(token)],
        }
    )
    signer["unsigned_attrs"] = asn1_cms.CMSAttributes([stamp])
    return made.dump(), token


def test_a_good_timestamp_of_the_client_is_kept(desk, prepared, client, finish):
    sent, token = with_token(client, prepared.document_digest, desk.timestamper)
    signed = finish(prepared, Container(sent), timestamper=Silent())
    (attribute,) = container_in(signed)["signer_infos"][0]["unsigned_attrs"]
    assert [value.dump() for value in attribute["values"]] == [token]
    assert [report.level for report in verify(signed, desk.trust, desk.now)] == [Level.B_LT]


def test_a_timestamp_on_other_words_gives_way_to_a_good_one(desk, prepared, client, finish):
    class Elsewhere:
        def token(self, value):
            return desk.timestamper.token(value + b"!")

    sent, token = with_token(client, prepared.document_digest, Elsewhere())
    signed = finish(prepared, Container(sent))
    (attribute,) = container_in(signed)["signer_infos"][0]["unsigned_attrs"]
    assert token not in [value.dump() for value in attribute["values"]]
    assert [report.level for report in verify(signed, desk.trust, desk.now)] == [Level.B_LT]
    with pytest.raises(TimestampUnavailable):
        finish(prepared, Container(sent), timestamper=Silent())


def test_a_raw_value_may_be_reversed_or_in_halves(desk, prepared_for, finish):
    deputy, director = desk.key("deputy"), desk.key("director")
    ready = prepared_for["deputy"], prepared_for["director"]
    reversed_hex = Client(deputy).raw_signature(ready[0].to_sign)
    halves = algos.DSASignature.load(director.sign(ready[1].to_sign)).to_p1363()
    answers = bytes.fromhex(reversed_hex), halves
    for made, value in zip(ready, answers, strict=True):
        signed = finish(made, RawValue(value))
        assert [report.valid for report in verify(signed, desk.trust, desk.now)] == [True]
    with pytest.raises(ValueMismatch):
        finish(ready[1], RawValue(halves[::-1]))
    with pytest.raises(ValueMismatch):
        finish(ready[1], RawValue(halves[:-1]))


def test_damage_gets_past_as_nothing_but_a_refusal(prepared, client):
    key, random = client.key, Random(7)
    sent = client.cms(prepared.document_digest)
    refused = 0
    for _ in range(400):
        spoilt = bytearray(sent)
        for _ in range(random.randint(1, 3)):
            spoilt[random.randrange(len(spoilt))] = random.randrange(256)
        try:
            accepted(
                Container(bytes(spoilt)),
                document_digest=prepared.document_digest,
                attributes=prepared.to_sign,
                certificate=key.certificate,
                chain=key.chain,
                algorithm=key.algorithm,
            )
        except SigningError:
            refused += 1
    assert refused > 100  # certificates beside the signature may be damaged: ours go in
