"""poppler and OpenSSL, which nobody here wrote, come to the same verdicts."""

from __future__ import annotations

import shutil

import pytest

from signing.verify import verify


@pytest.fixture(autouse=True)
def tools():
    for tool in ("pdfsig", "openssl"):
        assert shutil.which(tool), f"install {tool}"


def test_all_agree_that_a_good_file_is_good(desk, by_both, pdfsig, openssl):
    ours = verify(by_both, desk.trust, desk.now)
    theirs = pdfsig(by_both)
    containers = openssl(by_both)
    assert [(seen.field, seen.signer) for seen in theirs] == [
        (report.field, report.signer.name) for report in ours
    ]
    assert {(seen.kind, seen.digest) for seen in theirs} == {("ETSI.CAdES.detached", "SHA-256")}
    assert [report.valid for report in ours] == [True, True]
    assert [seen.valid for seen in theirs] == [True, True]
    assert [seen.holds for seen in containers] == [True, True], containers


@pytest.mark.parametrize(
    ("was", "becomes"), [(b"/Lang (ru)", b"/Lang (en)"), (b"/Count 3", b"/Count 2")]
)
def test_all_agree_that_an_altered_file_is_not(desk, by_both, pdfsig, openssl, was, becomes):
    altered = by_both.replace(was, becomes, 1)
    assert [report.valid for report in verify(altered, desk.trust, desk.now)] == [False, False]
    assert [seen.valid for seen in pdfsig(altered)] == [False, False]
    assert [seen.holds for seen in openssl(altered)] == [False, False]


def test_all_agree_on_which_of_two_signatures_broke(desk, by_deputy, by_both, pdfsig, openssl):
    director = by_both[len(by_deputy) :].replace(b"/Adobe.PPKLite", b"/Adobe.PPKLate", 1)
    altered = by_deputy + director
    assert [report.valid for report in verify(altered, desk.trust, desk.now)] == [True, False]
    assert [seen.valid for seen in pdfsig(altered)] == [True, False]
    assert [seen.holds for seen in openssl(altered)] == [True, False]


def test_openssl_wants_our_root_too(desk, blank, openssl, stranger):
    signed = desk.force(blank, "director", stranger.key, desk.now, timed=False)
    (report,) = verify(signed, desk.trust, desk.now)
    assert report.code == "certificate-untrusted"
    assert [seen.holds for seen in openssl(signed)] == [False]


def test_each_signature_reaches_the_end_of_its_revision(by_deputy, by_both, openssl):
    first, second = openssl(by_both)
    for seen, file in ((first, by_deputy), (second, by_both)):
        assert file[seen.reaches - 6 : seen.reaches] == b"%%EOF\n"
    assert first.reaches < len(by_deputy) < second.reaches < len(by_both)
