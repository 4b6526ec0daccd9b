"""What a verification says about good files and about each way of spoiling one."""

from __future__ import annotations

from datetime import timedelta

from pyhanko.sign.signers import PdfTimeStamper

from signing import document
from signing.reports import Coverage, Level, TimeSource
from signing.trust import Trust
from signing.validation_data import Evidence, with_evidence

YEAR = timedelta(days=365)


def test_a_good_file_tells_everything(desk, by_both, judged):
    deputy, director = judged(by_both)
    assert deputy.signer.name == "Заварзина Ольга Сергеевна"
    assert deputy.signer.issuer == "Тестовый удостоверяющий центр vedomost"
    assert deputy.signer.test
    assert (deputy.coverage, director.coverage) == (
        Coverage.SIGNATURES_FOLLOW,
        Coverage.EVIDENCE_FOLLOWS,
    )
    for report in (deputy, director):
        assert (report.valid, report.intact, report.code, report.reason) == (True, True, "good", "")
        assert (report.level, report.signed_at_source) == (Level.B_LT, TimeSource.TIMESTAMP)
        assert report.signed_at == desk.now


def test_it_asks_nobody_when_the_file_knows(by_both, judged, desk):
    deaf = Trust(anchors=desk.trust.anchors, timeout=0.001)
    assert [report.level for report in judged(by_both, deaf)] == [Level.B_LT, Level.B_LT]


def test_a_document_nobody_signed_has_no_reports(blank, judged):
    assert judged(blank) == ()


def test_more_evidence_changes_nothing(desk, by_both, judged):
    pdf = with_evidence(by_both, Evidence(certificates=(desk.key("revoked").certificate,)))
    assert [report.valid for report in judged(pdf)] == [True, True]


def test_a_document_timestamp_makes_it_lasting(desk, by_both, judged):
    stamper = PdfTimeStamper(desk.timestamper)
    pdf = stamper.timestamp_pdf(document.writer(by_both), "sha256").getvalue()
    reports = judged(pdf)
    assert [report.field for report in reports] == ["deputy", "director"]
    assert [(report.valid, report.level) for report in reports] == [(True, Level.B_LTA)] * 2
    assert reports[-1].coverage is Coverage.EVIDENCE_FOLLOWS


def test_an_untrusted_root_is_named(by_both, judged, stranger):
    for report in judged(by_both, stranger.authority.trust(timeout=10)):
        assert (report.valid, report.intact) == (False, True)
        assert report.code == "certificate-untrusted"
        assert report.level is Level.B_B


def test_a_signature_with_a_revoked_certificate_is_named(desk, blank, judged):
    key = desk.key("revoked")
    timed = desk.force(blank, "deputy", key, desk.now, timed=True)
    (report,) = judged(timed)
    assert (report.valid, report.code, report.level) == (False, "certificate-revoked", Level.B_T)
    assert report.reason.endswith(", до подписания.")
    (report,) = judged(desk.force(blank, "deputy", key, desk.now, timed=False))
    assert (report.valid, report.code) == (False, "certificate-revoked")
    assert "подтвердить нечем" in report.reason


def test_a_signature_with_an_expired_certificate_is_named(desk, blank, judged):
    key = desk.key("expired")
    before = desk.now - timedelta(days=100)
    (report,) = judged(desk.force(blank, "deputy", key, before, timed=True))
    assert (report.valid, report.code) == (False, "certificate-expired")
    assert "после окончания" in report.reason
    (report,) = judged(desk.force(blank, "deputy", key, before, timed=False))
    assert (report.valid, report.code) == (None, "certificate-expired")
    assert (report.signed_at, report.signed_at_source) == (before, TimeSource.CLAIMED)


def test_a_signature_from_before_the_certificate_is_named(desk, blank, judged):
    later = desk.now + timedelta(days=100)
    (report,) = judged(desk.force(blank, "deputy", desk.key("early"), later, timed=True))
    assert (report.valid, report.code) == (False, "certificate-not-yet-valid")


def test_when_nobody_answers_it_is_not_known(desk, blank, judged):
    signed = desk.force(blank, "deputy", desk.key("deputy"), desk.now, timed=True)
    deaf = Trust(anchors=desk.trust.anchors, timeout=0.001)
    (report,) = judged(signed, deaf)
    assert (report.valid, report.code) == (None, "revocation-unknown")
    (report,) = judged(signed)
    assert (report.valid, report.level) == (True, Level.B_T)


def test_it_outlives_the_signers_certificate_but_not_the_timestamps(desk, by_both, judged):
    deaf = Trust(anchors=desk.trust.anchors, timeout=0.001)
    for report in judged(by_both, deaf, desk.now + 5 * YEAR):
        assert (report.valid, report.level) == (True, Level.B_LT)
    for report in judged(by_both, deaf, desk.now + 21 * YEAR):
        assert report.valid is not True
