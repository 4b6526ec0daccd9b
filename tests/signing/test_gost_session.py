"""PDF files signed by GOST keys in every way a client answers; OpenSSL with its engine judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from clients import Client, indefinite
from gost_authority import GostAuthority

from signing.answers import Container, RawValue
from signing.errors import CertificateRevoked, CertificateUntrusted, ValueMismatch
from signing.gost.key import OpensslKey
from signing.prepared import Prepared
from signing.reports import Level
from signing.session import embed, prepare, sign
from signing.trust import Trust
from signing.verify import verify

SIGNERS = ("director", "director512")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document prepared for somebody."""

    who: str
    key: OpensslKey
    prepared: Prepared

    def content(self) -> bytes:
        """Return the bytes of the file that the signature covers."""
        pdf = self.prepared.pdf
        start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
        return pdf[:start] + pdf[pdf.index(b">", start) + 1 :]


@pytest.fixture(scope="session")
def keys(gost: GostAuthority) -> dict[str, OpensslKey]:
    return {who: gost.key(who) for who in (*SIGNERS, "deputy", "revoked")}


@pytest.fixture(scope="session")
def everybody(authority, gost) -> Trust:
    """Trust in both authorities: GOST signatures may bear RSA timestamps."""
    anchors = (*authority.trust().anchors, *gost.trust().anchors)
    return Trust(anchors=anchors, timeout=20)


@pytest.fixture(scope="session", params=SIGNERS)
def waiting(request, keys, blank, stamp, now) -> Waiting:
    key = keys[request.param]
    prepared = prepare(blank, "director", key.certificate, key.chain, stamp=stamp, at=now)
    return Waiting(request.param, key, prepared)


ANSWERS = {
    "raw": lambda waiting, _: waiting.key.sign(waiting.prepared.to_sign),
    "raw as the plug-in gives it": lambda waiting, _: RawValue(
        bytes.fromhex(Client(waiting.key).raw_signature(waiting.prepared.to_sign))
    ),
    "container of openssl": lambda waiting, gost: Container(
        gost.cms(waiting.who, waiting.content())
    ),
    "container of the plug-in": lambda waiting, _: Container(
        Client(waiting.key, binding_digest=waiting.key.algorithm.digest)
        .cades_com(waiting.prepared.document_digest.hex())
        .encode()
    ),
    "container in BER": lambda waiting, _: Container(
        indefinite(Client(waiting.key).cms(waiting.prepared.document_digest))
    ),
    "signature named with its digest": lambda waiting, _: Container(
        Client(
            waiting.key,
            signature_algorithm=f"{waiting.key.algorithm.digest}_{waiting.key.algorithm.signature}",
        ).cms(waiting.prepared.document_digest)
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_becomes_a_signature(
    answer, waiting, gost, everybody, timestamper, now, openssl_gost
):
    pdf, state = waiting.prepared.pdf, waiting.prepared.state
    given = ANSWERS[answer](waiting, gost)
    signed = embed(pdf, state, given, timestamper=timestamper, trust=everybody, at=now)
    (report,) = verify(signed, everybody, now)
    assert (report.valid, report.code, report.level) == (True, "good", Level.B_LT)
    assert report.signer.name == "Лопатин Пётр Ильич"
    assert signed.count(b"/SubFilter /ETSI.CAdES.detached") == 1
    (seen,) = openssl_gost(signed)
    assert seen.holds, seen.said
    assert signed[seen.reaches - 6 : seen.reaches] == b"%%EOF\n"


def test_two_signatures_of_two_lengths_with_gost_timestamps(
    keys, blank, stamp, gost, openssl_gost, pdfsig
):
    trust, timestamper, now = gost.trust(), gost.timestamper(), datetime.now(UTC)
    means = {"stamp": stamp, "timestamper": timestamper, "trust": trust, "at": now}
    signed = sign(blank, "deputy", keys["deputy"], **means)
    signed = sign(signed, "director", keys["director512"], **means)
    first, second = verify(signed, trust, now)
    assert [first.valid, second.valid] == [True, True], (first.reason, second.reason)
    assert [first.level, second.level] == [Level.B_LT, Level.B_LT]
    assert first.signed_at <= second.signed_at
    assert [seen.holds for seen in openssl_gost(signed)] == [True, True]
    assert len(pdfsig(signed)) == 2


def test_an_altered_file_is_invalid(waiting, everybody, now, openssl_gost):
    value = waiting.key.sign(waiting.prepared.to_sign)
    pdf, state = waiting.prepared.pdf, waiting.prepared.state
    signed = embed(pdf, state, value, timestamper=None, trust=everybody, at=now)
    assert verify(signed, everybody, now)[0].valid
    altered = signed.replace(b"/Count 3", b"/Count 2", 1)
    (report,) = verify(altered, everybody, now)
    assert (report.valid, report.intact) == (False, False)
    assert [seen.holds for seen in openssl_gost(altered)] == [False]


def test_a_value_of_another_document_is_refused(waiting, everybody, now):
    value = waiting.key.sign(b"something else")
    for wrong in (value, value[::-1], bytes(len(value)), value[:-1]):
        with pytest.raises(ValueMismatch):
            embed(
                waiting.prepared.pdf,
                waiting.prepared.state,
                RawValue(wrong),
                timestamper=None,
                trust=everybody,
                at=now,
            )


def test_a_revoked_certificate_signs_nothing(keys, blank, gost, now):
    with pytest.raises(CertificateRevoked):
        sign(
            blank,
            "director",
            keys["revoked"],
            stamp=None,
            timestamper=None,
            trust=gost.trust(),
            at=now,
        )


def test_nobody_believes_a_root_they_do_not_know(keys, blank, trust, now):
    with pytest.raises(CertificateUntrusted):
        sign(blank, "director", keys["director"], stamp=None, timestamper=None, trust=trust, at=now)
