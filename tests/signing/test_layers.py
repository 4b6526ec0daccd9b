"""The layers of a report: chain, revocation, time, coverage, algorithms, raw data."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from pyhanko.sign.signers import PdfTimeStamper

from signing import document
from signing.authority import Authority, Condition, Person
from signing.reports import Level, RevocationSource, Standing, TimeSource
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.verify import verify

LEFT = Person("left", "Рощин", "Глеб Маркович", "Школа", condition=Condition.REVOKED)
NAME = "Тестовый удостоверяющий центр vedomost"


def standings(links):
    return [link.revocation.standing for link in links]


def test_a_chain_is_told_up_to_the_root(by_both, judged, desk):
    for report, who in zip(judged(by_both), ("deputy", "director"), strict=True):
        signer, issuing, root = report.chain
        certificate = desk.key(who).certificate
        assert signer.owner == report.signer.name
        assert signer.serial == f"{certificate.serial_number:032X}"
        assert (issuing.owner, root.owner) == (NAME, f"{NAME}, корневой")
        assert [link.anchor for link in report.chain] == [False, False, True]
        assert standings(report.chain) == [Standing.GOOD, Standing.GOOD, Standing.ANCHOR]


def test_each_revocation_names_its_source(by_both, judged, desk):
    deaf = Trust(anchors=desk.trust.anchors, timeout=0.001)
    (signer, issuing, _), _ = (report.chain for report in judged(by_both, deaf))
    assert (signer.revocation.source, issuing.revocation.source) == (
        RevocationSource.OCSP,
        RevocationSource.CRL,
    )
    assert signer.revocation.inside
    assert issuing.revocation.inside
    assert signer.revocation.signed_by == f"{NAME}, служба OCSP"
    assert issuing.revocation.signed_by == f"{NAME}, корневой"
    assert abs(signer.revocation.issued_at - desk.now) < timedelta(minutes=1)


def test_what_is_not_inside_is_asked_for_and_said_so(desk, blank, judged):
    signed = desk.force(blank, "deputy", desk.key("deputy"), desk.now, timed=True)
    (report,) = judged(signed, replace(desk.trust))
    assert (report.valid, report.level) == (True, Level.B_T)
    assert standings(report.chain) == [Standing.GOOD, Standing.GOOD, Standing.ANCHOR]
    assert [link.revocation.inside for link in report.chain] == [False, False, False]
    assert report.raw.ocsps


def test_nobody_answering_is_unknown_in_every_layer(desk, blank, judged):
    signed = desk.force(blank, "deputy", desk.key("deputy"), desk.now, timed=True)
    (report,) = judged(signed, Trust(anchors=desk.trust.anchors, timeout=0.001))
    assert (report.valid, report.code) == (None, "revocation-unknown")
    assert standings(report.chain) == [Standing.UNKNOWN, Standing.UNKNOWN, Standing.ANCHOR]


def test_an_untrusted_chain_ends_without_an_anchor(by_both, judged, stranger):
    for report in judged(by_both, stranger.authority.trust(timeout=10)):
        assert (report.valid, report.code) == (False, "certificate-untrusted")
        assert not any(link.anchor for link in report.chain)


def test_time_is_told_with_who_vouches_for_it(by_both, judged, desk):
    for report in judged(by_both):
        stamp = report.timestamp
        assert (stamp.time, stamp.authority) == (desk.now, f"{NAME}, служба меток времени")
        assert stamp.valid_until > desk.now + timedelta(days=19 * 365)
        assert standings(stamp.chain) == [Standing.GOOD, Standing.GOOD, Standing.ANCHOR]
        assert report.time_problem == ""


def test_a_document_timestamp_vouches_where_nothing_else_does(desk, blank, judged):
    signed = desk.force(blank, "deputy", desk.key("deputy"), desk.now, timed=False)
    stamper = PdfTimeStamper(desk.timestamper)
    stamped = stamper.timestamp_pdf(document.writer(signed), "sha256").getvalue()
    (report,) = judged(stamped)
    assert (report.valid, report.level) == (True, Level.B_T)
    assert (report.signed_at, report.signed_at_source) == (desk.now, TimeSource.DOCUMENT_TIMESTAMP)


def test_a_timestamp_of_a_stranger_counts_for_nothing_and_is_told(desk, blank, judged, stranger):
    theirs = stranger.authority
    with theirs.serve(at=desk.now):
        alone = replace(desk, timestamper=Timestamper([theirs.timestamp_url], timeout=5))
        signed = alone.force(blank, "deputy", desk.key("deputy"), desk.now, timed=True)
    (report,) = judged(signed)
    assert (report.valid, report.level) == (True, Level.B_B)
    assert report.signed_at_source is TimeSource.CLAIMED
    assert report.time_problem == "сертификату нет доверия"


def test_coverage_is_told_in_bytes_and_revisions(by_both, by_deputy, judged):
    deputy, director = judged(by_both)
    assert (deputy.extent.revision, director.extent.revision) == (2, 4)
    assert deputy.extent.revisions == director.extent.revisions == 5
    assert deputy.extent.covered < len(by_deputy) < director.extent.covered < len(by_both)
    assert director.extent.size == len(by_both)


def test_algorithms_are_told_in_words(by_both, judged):
    deputy, director = judged(by_both)
    assert (deputy.algorithms.digest, deputy.algorithms.signature) == ("SHA-256", "RSA, 2048 бит")
    assert director.algorithms.signature == "ECDSA, 256 бит"


def test_raw_data_is_enough_for_openssl(by_both, judged, tmp_path):
    (_, report) = judged(by_both)
    signer, issuing, root = (link.serial for link in report.chain)
    by_serial = {}
    for number, der in enumerate(report.raw.certificates):
        file = tmp_path / f"{number}.der"
        file.write_bytes(der)
        said = subprocess.run(
            ["openssl", "x509", "-inform", "DER", "-in", file, "-noout", "-serial"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        by_serial[said.strip().removeprefix("serial=")] = file
    assert {signer, issuing} <= set(by_serial)
    token = tmp_path / "token.der"
    token.write_bytes(report.raw.timestamps[0])
    said = subprocess.run(
        ["openssl", "ts", "-reply", "-token_in", "-in", token, "-token_out", "-text"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"{report.signed_at:%b %e %H:%M:%S %Y}" in said
    for number, der in enumerate(report.raw.ocsps):
        (tmp_path / f"{number}.ocsp").write_bytes(der)
        told = subprocess.run(
            ["openssl", "ocsp", "-respin", tmp_path / f"{number}.ocsp", "-noverify", "-resp_text"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "Cert Status: good" in told
    assert root


@pytest.fixture(scope="module")
def left(desk, blank, now, tmp_path_factory):
    """Signed ten days ago by somebody revoked three days ago, with a timestamp and without."""
    authority = Authority.create(tmp_path_factory.mktemp("left"), [LEFT], around=now)
    then = now - timedelta(days=10)
    with authority.serve(at=then):
        earlier = replace(
            desk, authority=authority, timestamper=Timestamper([authority.timestamp_url])
        )
        files = [
            earlier.force(blank, "deputy", earlier.key("left"), then, timed=timed)
            for timed in (True, False)
        ]
    return authority, *files


def test_a_revocation_counts_from_its_day(left, now):
    authority, timed, bare = left
    with authority.serve(at=now):
        (proven,) = verify(timed, authority.trust(), now)
        (unproven,) = verify(bare, authority.trust(), now)
    assert (proven.valid, proven.code) == (True, "good")
    assert proven.chain[0].revocation.standing is Standing.GOOD
    assert proven.chain[0].revocation.revoked_at == now - timedelta(days=3)
    assert (unproven.valid, unproven.code) == (False, "certificate-revoked")
    assert unproven.chain[0].revocation.standing is Standing.REVOKED
    assert "времени подписания подтвердить нечем" in unproven.reason
