"""What a verification says about good files and about each way of spoiling one."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import cms as asn1
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
)
from pyhanko.sign.signers import PdfTimeStamper

from signing import document
from signing.errors import DocumentUnreadable
from signing.integrity import after, signatures_in
from signing.reports import Coverage, Level, TimeSource
from signing.revisions import Appended
from signing.trust import Trust
from signing.validation_data import Evidence, with_evidence
from signing.verify import verify

YEAR = timedelta(days=365)


@pytest.fixture
def judged(desk):
    """Verify now, trusting the authority; either may be replaced."""

    def judge(pdf, trust=None, at=None):
        return verify(pdf, trust or desk.trust, at or desk.now)

    return judge


def appended(pdf, change):
    """Return `pdf` with one more revision in which `change` was made."""
    writer = document.writer(pdf)
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def replace_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"% changed\n"))
    writer.update_container(page)


def replace_stream(writer):
    writer.objects[(0, writer.root["/Pages"]["/Kids"][0].raw_get("/Contents").idnum)] = (
        StreamObject(stream_data=b"% changed\n")
    )


def rotate_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)


def open_with_script(writer):
    action = {pdf_name("/S"): pdf_name("/JavaScript")}
    writer.root["/OpenAction"] = writer.add_object(StreamObject(action, stream_data=b""))
    writer.update_root()


def add_stray_object(writer):
    writer.add_object(StreamObject(stream_data=b"stray"))


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


def test_a_changed_word_is_called_an_alteration(by_deputy, judged):
    pdf = by_deputy.replace(b"/Lang (ru)", b"/Lang (en)", 1)
    (report,) = judged(pdf)
    assert (report.valid, report.code) == (False, "altered")
    assert "изменён после подписания" in report.reason


@pytest.mark.parametrize("what", ["header", "value", "padding"])
def test_a_byte_flipped_in_the_container_is_seen(by_deputy, judged, what):
    start = by_deputy.index(b"/Contents <") + 11
    end = by_deputy.index(b">", start)
    container = asn1.ContentInfo.load(bytes.fromhex(by_deputy[start:end].decode()))
    value = container["content"]["signer_infos"][0]["signature"].native.hex().upper().encode()
    at = {"header": start, "value": by_deputy.index(value), "padding": end - 20}[what]
    other = b"0" if by_deputy[at : at + 1] != b"0" else b"1"
    (report,) = judged(by_deputy[:at] + other + by_deputy[at + 1 :])
    assert (report.valid, report.intact, report.code) == (False, False, "value-broken")
    assert "повреждена" in report.reason


def test_a_cut_file_is_seen(by_both, by_deputy, judged):
    with pytest.raises(DocumentUnreadable, match="обрезан"):
        judged(by_both[:-3000])
    assert [report.field for report in judged(by_both[: len(by_deputy)])] == ["deputy"]


def test_a_signature_may_claim_more_than_the_file_holds(by_deputy, judged):
    found = by_deputy.index(b"/ByteRange [")
    end = by_deputy.index(b"]", found) + 1
    start, length, again, rest = by_deputy[found + 12 : end - 1].split()
    claim = b"/ByteRange [%s %s %s %d]" % (start, length, again, int(rest) + 10**6)
    room = len(claim) - (end - found)
    assert by_deputy[end : end + room].isspace()
    (report,) = judged(by_deputy[:found] + claim + by_deputy[end + room :])
    assert (report.valid, report.code, report.coverage) == (False, "cut", Coverage.UNCLEAR)


@pytest.mark.parametrize(
    "change", [replace_page, replace_stream, rotate_page, open_with_script, add_stray_object]
)
@pytest.mark.parametrize("signed", ["by_deputy", "by_both"])
def test_a_later_increment_is_seen(request, judged, signed, change):
    pdf = appended(request.getfixturevalue(signed), change)
    for report in judged(pdf):
        assert (report.valid, report.intact, report.code) == (False, True, "changed-later")
        assert report.coverage is Coverage.CHANGES_FOLLOW
        assert "дописаны изменения" in report.reason


def test_a_page_passed_off_as_evidence_is_seen(desk, blank, judged):
    def disguise(writer):
        contents = writer.root["/Pages"]["/Kids"][0].raw_get("/Contents")
        store = {pdf_name("/Certs"): ArrayObject(), pdf_name("/CRLs"): ArrayObject([contents])}
        writer.root["/DSS"] = writer.add_object(DictionaryObject(store))
        writer.update_root()

    key = desk.key("director")
    signed = desk.force(appended(blank, disguise), "director", key, desk.now, timed=False)
    altered = appended(signed, replace_stream)
    (signature,) = signatures_in(document.reader(altered)).people
    assert after(signature, len(altered)) is Appended.CHANGES
    with pytest.raises(DocumentUnreadable):
        judged(altered)


def test_bytes_after_the_end_are_seen(desk, blank, judged):
    signed = desk.force(blank, "director", desk.key("director"), desk.now, timed=False)
    assert [report.coverage for report in judged(signed)] == [Coverage.WHOLE_FILE]
    (report,) = judged(signed + b"\n% more\n")
    assert (report.valid, report.code) == (False, "changed-later")


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
    for report in judged(appended(pdf, replace_page)):
        assert (report.valid, report.code) == (False, "changed-later")


def test_a_signature_moved_to_another_document_is_seen(desk, by_deputy, judged, make_document):
    key = desk.key("deputy")
    other = desk.force(make_document(3), "deputy", key, desk.now, timed=False)
    start = other.index(b"/Contents <") + 11
    moved = by_deputy[by_deputy.index(b"/Contents <") + 11 :]
    room = other.index(b">", start) - start
    pdf = other[:start] + moved[:room] + other[start + room :]
    (report,) = judged(pdf)
    assert (report.valid, report.intact, report.code) == (False, False, "altered")
    assert "из другого документа" in report.reason


def test_an_untrusted_root_is_named(by_both, judged, stranger):
    for report in judged(by_both, stranger.authority.trust(timeout=1)):
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
