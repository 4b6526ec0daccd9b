"""A judge that lets everything pass is no judge: each is shown a good file and a bad one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from weasyprint import HTML

FONT = Path(__file__).parent.parent.parent / "fonts" / "PTSerif-Regular.ttf"


@pytest.fixture(scope="module")
def good() -> bytes:
    return HTML(
        string=f"""<html lang="ru"><title>Журнал</title><style>
        @font-face {{ font-family: PT; src: url({FONT.as_uri()}) }}
        body {{ font-family: PT }}</style><p>Классный журнал"""
    ).write_pdf(pdf_variant="pdf/a-3u")


def document(body: str) -> bytes:
    """Return the smallest DOCX that holds `body`."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {
        "[Content_Types].xml": f"""<Types xmlns="{package}/content-types">
            <Default Extension="rels" ContentType="{relations}"/>
            <Override PartName="/word/document.xml" ContentType="{main}"/></Types>""",
        "_rels/.rels": f"""<Relationships xmlns="{package}/relationships">
            <Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>""",
        "word/document.xml": f"""<w:document xmlns:w="{word}">
            <w:body>{body}</w:body></w:document>""",
    }
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return out.getvalue()


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as file:
        change(file)
        file.save(out)
    return out.getvalue()


def test_verapdf_passes_a_good_file(verapdf, good):
    verdict = verapdf(good, "3u")
    assert verdict.passed, verdict
    assert not verdict.broken


def test_verapdf_misses_a_font_that_is_not_embedded(verapdf, good):
    def forget_font(file: pikepdf.Pdf) -> None:
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                for key in {"/FontFile2", "/FontFile3"} & set(item.keys()):
                    del item[key]

    assert "6.2.11.4.1" in verapdf(changed(good, forget_font)).clauses


def test_verapdf_sees_a_box_in_place_of_a_letter(verapdf, good):
    def draw_box(file: pikepdf.Pdf) -> None:
        box = ([pikepdf.String("\0\0")], pikepdf.Operator("Tj"))
        drawn = [
            box if str(operator) in {"Tj", "TJ"} else (operands, operator)
            for operands, operator in pikepdf.parse_content_stream(file.pages[0])
        ]
        file.pages[0].Contents = file.make_stream(pikepdf.unparse_content_stream(drawn))

    assert "6.2.11.8" in verapdf(changed(good, draw_box)).clauses


def test_verapdf_tells_one_flavour_from_another(verapdf, good):
    assert not verapdf(good, "ua1").passed


def test_verapdf_refuses_what_is_not_a_pdf(verapdf, good):
    with pytest.raises(ValueError, match="cannot judge"):
        verapdf(b"not a PDF")
    assert verapdf(good).passed


def test_openxml_audit_sees_an_element_nobody_knows(openxml_audit):
    known = set(openxml_audit(document("<w:p><w:r><w:t>Журнал</w:t></w:r></w:p>")))
    (fault,) = set(openxml_audit(document("<w:p><w:r><w:lines/></w:r></w:p>"))) - known
    assert "[schema]" in fault
    assert "lines" in fault


def test_libreoffice_prints_what_a_docx_says(libreoffice, pdftotext):
    (page,) = pdftotext(libreoffice(document("<w:p><w:r><w:t>Журнал</w:t></w:r></w:p>")))
    assert page.strip() == "Журнал"


@pytest.fixture(scope="module")
def signed(good) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Проба Пера")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    secret = serialization.NoEncryption()
    signer = SimpleSigner.load_pkcs12_data(
        serialization.pkcs12.serialize_key_and_certificates(b"", key, certificate, None, secret),
        other_certs=(),
    )
    writer = IncrementalPdfFileWriter(BytesIO(good))
    metadata = PdfSignatureMetadata(field_name="director", md_algorithm="sha256")
    return sign_pdf(writer, metadata, signer=signer).getvalue()


def test_pdfsig_sees_a_signature_and_what_was_done_to_it(pdfsig, good, signed):
    assert pdfsig(good) == ()
    (seen,) = pdfsig(signed)
    assert (seen.field, seen.signer) == ("director", "Проба Пера")
    assert seen.valid, seen.said
    assert seen.whole_file
    place = signed.index(b"stream") + 20
    (seen,) = pdfsig(signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :])
    assert not seen.valid
