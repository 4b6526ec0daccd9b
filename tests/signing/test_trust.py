"""Trusted folders, answers about revocation, and who is never asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from signing.errors import (
    CertificateRevoked,
    CertificateUnreadable,
    CertificateUntrusted,
    RevocationUnknown,
    WrongKeyUsage,
)
from signing.suitability import Purpose
from signing.trust import Trust
from signing.validation_data import Evidence


@pytest.fixture
def folder(authority, tmp_path):
    authority.export_anchors(tmp_path / "anchors")
    return tmp_path / "anchors"


def test_a_folder_is_trusted_by_its_roots(desk, folder):
    trust = Trust.folder(folder)
    assert (len(trust.anchors), len(trust.intermediates)) == (1, 1)
    evidence = trust.check(desk.key("director").certificate, (), desk.now)
    assert len(evidence.certificates) == 3
    assert evidence.ocsps
    assert evidence.crls


def test_a_folder_may_hold_other_files_but_no_broken_certificates(folder):
    (folder / "README.txt").write_text("roots")
    assert len(Trust.folder(folder).anchors) == 1
    (folder / "broken.crt").write_bytes(b"nothing")
    with pytest.raises(CertificateUnreadable, match="DER или PEM"):
        Trust.folder(folder)


def test_what_was_found_out_proves_it_later_without_asking(desk, folder):
    certificate = desk.key("director").certificate
    evidence = Trust.folder(folder).check(certificate, (), desk.now)
    deaf = Trust(anchors=Trust.folder(folder).anchors, timeout=0.001)
    deaf.check_past(certificate, desk.now, evidence)
    with pytest.raises(RevocationUnknown):
        deaf.check_past(certificate, desk.now, replace(evidence, ocsps=(), crls=()))
    with pytest.raises(RevocationUnknown):
        deaf.check_past(certificate, desk.now + timedelta(days=90), evidence)


def test_an_answer_serves_the_next_document_for_a_minute(desk, authority, stranger):
    certificate, chain = desk.key("director").certificate, authority.chain()
    trust = authority.trust(timeout=20)
    first = trust.check(certificate, chain, desk.now)
    assert trust.check(certificate, chain, desk.now + timedelta(seconds=30)) is first
    assert trust.check(certificate, chain, desk.now + timedelta(seconds=90)) is not first


def test_a_revoked_certificate_is_never_remembered_as_good(desk, trust):
    for _ in range(2):
        with pytest.raises(CertificateRevoked) as refused:
            trust.check(desk.key("revoked").certificate, desk.key("revoked").chain, desk.now)
        assert refused.value.when == desk.now - timedelta(days=3)


def test_a_signer_is_no_timestamp_authority(desk, authority, trust):
    with pytest.raises(WrongKeyUsage):
        trust.check(
            desk.key("director").certificate, authority.chain(), desk.now, Purpose.TIMESTAMPING
        )
    trust.check(authority.certificate("tsa"), authority.chain(), desk.now, Purpose.TIMESTAMPING)


def test_addresses_in_untrusted_certificates_are_not_visited(desk, authority, stranger):
    theirs = stranger.authority
    with theirs.serve(at=desk.now), pytest.raises(CertificateUntrusted):
        authority.trust(timeout=20).check(stranger.key.certificate, theirs.chain(), desk.now)
    assert "GET" not in (theirs.folder / "server.log").read_text()
    assert "POST" not in (theirs.folder / "server.log").read_text()


def test_evidence_is_kept_once(desk):
    certificate = desk.key("director").certificate
    one = Evidence(certificates=(certificate,))
    assert one.joined(one) == one
