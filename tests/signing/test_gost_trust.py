"""Chains, CRLs and OCSP answers of an authority on GOST keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests
from asn1crypto import algos, crl, keys, ocsp

from signing import certificates
from signing.errors import (
    CertificateRevoked,
    CertificateUntrusted,
    KeyUnsupported,
    RevocationUnknown,
    WrongKeyUsage,
)
from signing.gost.identifiers import KeyParameters
from signing.gost.validator import VALIDATOR, PublicKey
from signing.suitability import Purpose
from signing.trust import Trust
from signing.validation_data import Evidence


@pytest.fixture(scope="module")
def evidence(gost, now) -> Evidence:
    """What the authority answers about the director."""
    return gost.trust().check(gost.certificate("director"), gost.chain(), now)


def test_a_chain_of_both_lengths_is_proven_by_an_ocsp_answer_and_a_crl(gost, now, evidence):
    (answer,), (revoked,) = evidence.ocsps, evidence.crls
    assert [certificates.owner(item) for item in evidence.certificates] == [
        "Тестовый удостоверяющий центр ГОСТ, корневой",
        "Тестовый удостоверяющий центр ГОСТ",
        "Лопатин Пётр Ильич",
    ]
    signed_by = answer.basic_ocsp_response["signature_algorithm"]["algorithm"].native
    assert signed_by == "streebog256_gost2012_256"
    assert revoked["signature_algorithm"]["algorithm"].native == "streebog512_gost2012_512"
    gost.trust().check_past(gost.certificate("director"), now, evidence)


def test_an_answer_with_a_broken_seal_is_no_answer(gost, now, evidence):
    der = evidence.ocsps[0].dump()
    seal = evidence.ocsps[0].basic_ocsp_response["signature"].native
    broken = ocsp.OCSPResponse.load(der.replace(seal, seal[:-1] + bytes([seal[-1] ^ 1])))
    with pytest.raises(RevocationUnknown):
        gost.trust().check_past(
            gost.certificate("director"), now, replace(evidence, ocsps=(broken,))
        )


def test_a_crl_with_a_broken_seal_is_no_crl(gost, now, evidence):
    der = bytearray(evidence.crls[0].dump())
    der[-1] ^= 1
    broken = crl.CertificateList.load(bytes(der))
    with pytest.raises(RevocationUnknown):
        gost.trust().check_past(
            gost.certificate("director"), now, replace(evidence, crls=(broken,))
        )


def test_an_ocsp_answer_may_name_the_certificate_by_streebog(gost, now, evidence, tmp_path):
    query = tmp_path / "query"
    about = ("-issuer", "issuing.pem", "-md_gost12_256", "-cert", "director.pem")
    gost.openssl("ocsp", *about, "-reqout", query)
    reply = requests.post(f"{gost.url}/ocsp", data=query.read_bytes(), timeout=20).content
    answer = ocsp.OCSPResponse.load(reply)
    (about,) = answer.basic_ocsp_response["tbs_response_data"]["responses"]
    assert about["cert_id"]["hash_algorithm"]["algorithm"].native == "streebog256"
    gost.trust().check_past(gost.certificate("director"), now, replace(evidence, ocsps=(answer,)))


def test_a_revoked_certificate_is_revoked(gost, now):
    with pytest.raises(CertificateRevoked):
        gost.trust().check(gost.certificate("revoked"), gost.chain(), now)


def test_a_certificate_with_a_broken_seal_leads_nowhere(gost, now, evidence):
    der = bytearray(gost.certificate("director").dump())
    der[-1] ^= 1
    with pytest.raises(CertificateUntrusted):
        gost.trust().check(certificates.load(bytes(der)), gost.chain(), now)


def test_nobody_answering_is_not_good(gost, now):
    alone = Trust(anchors=gost.trust().anchors)
    with pytest.raises(RevocationUnknown):
        alone.check_past(gost.certificate("director"), now, Evidence(gost.chain()))


def test_usage_is_looked_at(gost, now):
    with pytest.raises(WrongKeyUsage):
        gost.trust().check(gost.certificate("director"), gost.chain(), now, Purpose.TIMESTAMPING)
    with pytest.raises(WrongKeyUsage):
        gost.trust().check(gost.certificate("issuing"), gost.chain(), now)


def test_names_carry_the_numbers_of_people_and_schools(gost):
    name = gost.certificate("director").subject.native
    assert {kind: name[kind] for kind in ("inn", "snils", "innle", "ogrn")} == {
        "inn": "660000000202",
        "snils": "00000000202",
        "innle": "6600000000",
        "ogrn": "1026600000000",
    }


def test_a_key_on_an_unknown_curve_is_not_judged(gost):
    key = gost.certificate("director").public_key.copy()
    key["algorithm"]["parameters"] = KeyParameters({"curve": "1.2.643.2.2.35.0"})
    with pytest.raises(KeyUnsupported):
        PublicKey.read(key)


def test_an_older_gost_is_not_judged():
    der = bytes.fromhex("300e 3008 0606 2a850302 0213 0302 0000")  # GOST R 34.10-2001
    key = keys.PublicKeyInfo.load(der)
    signature = algos.SignedDigestAlgorithm({"algorithm": "1.2.643.2.2.3"})
    with pytest.raises(KeyUnsupported, match=r"1\.2\.643\.2\.2\.19"):
        VALIDATOR.validate_signature(bytes(64), b"", key, signature)


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_key_of_a_wrong_length_is_malformed(gost, length):
    key = gost.certificate("director").public_key.copy()
    key["public_key"] = b"\x04" + (bytes([length]) if length < 128 else b"\x81\x80") + bytes(length)
    with pytest.raises(ValueError, match="length"):
        PublicKey.read(key)
