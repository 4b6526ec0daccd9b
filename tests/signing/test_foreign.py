"""Signatures made by other programs: their files are judged like ours, and judges agree."""

from __future__ import annotations

import base64
import subprocess
from io import BytesIO

import pikepdf
import pytest
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter

from signing import document
from signing.detached import digest_of
from signing.errors import SignaturesUnreadable
from signing.reports import Coverage, Level, TimeSource
from signing.verify import verify_detached

CONTENT = "Сводная ведомость".encode() * 1000


@pytest.fixture(scope="module")
def by_pyhanko(desk, blank):
    """`by_pyhanko(field, subfilter)`: signed as pyHanko's manual shows."""

    def sign(field, subfilter, pdf=blank, **more):
        signer = SimpleSigner.load_pkcs12_data(
            desk.authority.pkcs12("deputy", "x"), [], passphrase=b"x"
        )
        metadata = PdfSignatureMetadata(
            field_name=field, subfilter=subfilter, md_algorithm="sha256", **more
        )
        signed = PdfSigner(metadata, signer, timestamper=desk.timestamper).sign_pdf(
            document.writer(pdf)
        )
        return bytes(signed.getbuffer())

    return sign


@pytest.mark.parametrize(
    "subfilter", [SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES]
)
@pytest.mark.parametrize("field", ["deputy", "a field of their own"])
def test_pyhanko(by_pyhanko, judged, pdfsig, openssl, field, subfilter):
    signed = by_pyhanko(field, subfilter)
    (report,) = judged(signed)
    assert (report.valid, report.level) == (True, Level.B_T)
    assert report.coverage is Coverage.WHOLE_FILE
    (seen,) = pdfsig(signed)
    assert (seen.valid, seen.field) == (True, field)
    if subfilter is SigSeedSubFilter.PADES:
        assert [one.holds for one in openssl(signed)] == [True]


def test_pyhanko_twice_with_fields_of_their_own(by_pyhanko, judged, pdfsig):
    once = by_pyhanko("one", SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    twice = by_pyhanko("two", SigSeedSubFilter.PADES, once)
    assert [report.valid for report in judged(twice)] == [True, True]
    assert [report.coverage for report in judged(twice)] == [
        Coverage.SIGNATURES_FOLLOW,
        Coverage.WHOLE_FILE,
    ]
    assert [seen.valid for seen in pdfsig(twice)] == [True, True]


def test_a_file_with_object_streams(desk, blank, judged, pdfsig):
    out = BytesIO()
    with pikepdf.open(BytesIO(blank)) as file:
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    signed = desk.sign(out.getvalue(), "deputy")
    both = desk.sign(signed, "director")
    assert [report.valid for report in judged(both)] == [True, True]
    assert [seen.valid for seen in pdfsig(both)] == [True, True]


@pytest.fixture(scope="module")
def by_openssl(authority, tmp_path_factory):
    """`by_openssl(*options)`: a `.p7s` of CONTENT made by `openssl cms -sign`."""
    folder = tmp_path_factory.mktemp("cms")
    (folder / "content").write_bytes(CONTENT)
    issuing = authority.folder / "certificates" / "issuing.pem"

    def sign(*options, form="DER", who="deputy"):
        chain = () if "-nocerts" in options else ("-certfile", issuing)
        files = {
            "-in": folder / "content",
            "-signer": authority.folder / "certificates" / f"{who}.pem",
            "-inkey": authority.folder / "keys" / f"{who}.pem",
            "-out": folder / "content.p7s",
        }
        command = ["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-outform", form]
        named = [word for pair in files.items() for word in pair]
        subprocess.run([*command, *named, *chain, *options], check=True, capture_output=True)
        return (folder / "content.p7s").read_bytes()

    return sign


def detached(desk, p7s, content=CONTENT):
    return verify_detached(p7s, digest_of(content), desk.trust, desk.now)


@pytest.mark.parametrize("options", [(), ("-cades",), ("-keyid",)])
def test_openssl_cms(by_openssl, desk, options):
    p7s = by_openssl(*options)
    (report,) = detached(desk, p7s)
    assert (report.valid, report.code, report.field) == (True, "good", "1")
    assert (report.level, report.signed_at_source) == (Level.B_B, TimeSource.CLAIMED)
    (other,) = detached(desk, p7s, CONTENT + b".")
    assert (other.valid, other.intact, other.code) == (False, False, "altered")


def test_whatever_the_encoding(by_openssl, desk):
    p7s = by_openssl("-cades")
    armoured = by_openssl("-cades", form="PEM")
    for same in (armoured, base64.encodebytes(p7s), base64.b64encode(p7s)):
        assert [report.valid for report in detached(desk, same)] == [True]


def test_without_the_certificate_nobody_knows_who(by_openssl, desk):
    (report,) = detached(desk, by_openssl("-nocerts"))
    assert (report.valid, report.code) == (False, "signer-certificate-missing")


def test_a_weak_digest_proves_nothing(by_openssl, desk):
    (report,) = detached(desk, by_openssl("-md", "sha1"))
    assert (report.valid, report.code) == (None, "digest-weak")


def test_an_attached_signature_or_none_is_refused(by_openssl, desk):
    for wrong in (by_openssl("-nodetach"), b"nothing", b"", b"0\x80"):
        with pytest.raises(SignaturesUnreadable):
            detached(desk, wrong)


def test_a_broken_value_is_named(by_openssl, desk):
    p7s = bytearray(by_openssl("-cades"))
    p7s[-10] ^= 1
    (report,) = detached(desk, bytes(p7s))
    assert (report.valid, report.code) == (False, "value-broken")
