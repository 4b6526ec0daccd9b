"""Bytes changed in place: each region of a file, each trick with what a signature covers."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from asn1crypto import cms as asn1
from pyhanko.pdf_utils.generic import ArrayObject, pdf_name
from pypdf import PdfReader, PdfWriter

from signing.errors import DocumentEncrypted, DocumentTooComplex, DocumentUnreadable
from signing.integrity import MOST_PEOPLE
from signing.reports import Coverage
from signing.verify import verify

ROOM = b"/Contents <"
RANGE = b"/ByteRange ["


def room(pdf, number=0):
    """Return where the hexadecimal string of a signature stands in its file."""
    start = -1
    for _ in range(number + 1):
        start = pdf.index(ROOM, start + 1)
    return start + len(ROOM), pdf.index(b">", start)


def numbers(pdf):
    start = pdf.index(RANGE) + len(RANGE)
    return [int(one) for one in pdf[start : pdf.index(b"]", start)].split()]


def with_range(pdf, said):
    """Return a file whose first signature covers what is `said`; not a byte is moved."""
    start = pdf.index(RANGE)
    end = pdf.index(b"]", start) + 1
    while pdf[end : end + 1].isspace() and end - start < len(RANGE) + len(said) + 1:
        end += 1
    claim = RANGE + said + b"]"
    assert len(claim) <= end - start, "there is no room for so long a range"
    return pdf[:start] + claim.ljust(end - start) + pdf[end:]


def flipped(pdf, place):
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def value_place(pdf):
    """Return where in the value a digit stands that flipped is one too: A and F are not."""
    start, end = room(pdf)
    container = asn1.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()))
    value = container["content"]["signer_infos"][0]["signature"].native
    begun = pdf.index(value.hex().upper().encode())
    return next(place for place in range(begun, end) if pdf[place : place + 1].isdigit())


REGIONS = {
    "before": (lambda pdf: pdf.index(b"/Lang (ru)") + 8, "altered", "изменён после подписания"),
    "header": (lambda pdf: room(pdf)[0] + 1, "container-unreadable", "не читается"),
    "value": (value_place, "value-broken", "значение не подходит"),
    "gap": (lambda pdf: room(pdf)[1] - 20, "gap-used", "после неё дописаны данные"),
    "after": (lambda pdf: pdf.index(b"/Adobe.PPKLite") + 7, "altered", "изменён после подписания"),
}


@pytest.mark.parametrize("region", REGIONS)
def test_a_flipped_byte_is_named_by_where_it_is(by_deputy, judged, region):
    where, code, words = REGIONS[region]
    (report,) = judged(flipped(by_deputy, where(by_deputy)))
    assert (report.valid, report.intact, report.code) == (False, False, code)
    assert words in report.reason
    assert report.coverage is Coverage.UNCLEAR


def test_a_cut_file_is_seen(by_both, by_deputy, judged):
    with pytest.raises(DocumentUnreadable, match="обрезан"):
        judged(by_both[:-3000])
    for rest in (by_deputy[: room(by_deputy)[0] + 100], by_deputy[:200], b""):
        with pytest.raises(DocumentUnreadable, match="обрезан"):
            judged(rest)


def test_a_file_cut_back_to_its_first_signature_says_so(by_both, by_deputy, judged):
    (report,) = judged(by_both[: len(by_deputy)])
    assert (report.field, report.valid) == ("deputy", True)
    assert report.extent.revisions == 3


TRICKS = {
    b"0 {a} {b} 999{c}": ("cut", "обрезан"),
    b"0 {a} 9 {c}": ("range-overlap", "наложены"),
    b"1 {a} {b} {c}": ("range-late-start", "не с начала"),
    b"0 {less} {b} {c}": ("range-gap", "не только сама подпись"),
    b"0 {a} {more} 9": ("range-gap", "не только сама подпись"),
    b"0 {a} {b} -9": ("range-negative", "отрицательны"),
    b"0 {a} {b} 9 9 9": ("range-parts", "не двумя отрезками"),
    b"0 {a}": ("range-parts", "не двумя отрезками"),
    b"": ("range-unreadable", "испорчены"),
    b"null null null null": ("range-unreadable", "испорчены"),
    b"0 {a} {b} 1.5": ("range-unreadable", "испорчены"),
}


@pytest.mark.parametrize("said", TRICKS)
def test_a_trick_with_the_range_is_named(by_deputy, judged, said):
    code, words = TRICKS[said]
    _, length, again, rest = numbers(by_deputy)
    given = {"a": length, "b": again, "c": rest, "less": length - 9, "more": again + 9}
    claim = said.decode().format_map(given).encode()
    (report,) = judged(with_range(by_deputy, claim))
    assert (report.valid, report.code) == (False, code)
    assert words in report.reason


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        (b"/ByteRange [", b"/ByteRangE [", "range-unreadable"),
        (b"/Contents <", b"/ContentS <", "container-unreadable"),
        (b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ", "format-unknown"),
    ],
)
def test_a_signature_without_substance_is_none(by_deputy, judged, was, becomes, code):
    assert was in by_deputy
    (report,) = judged(by_deputy.replace(was, becomes, 1))
    assert report.code == code
    assert report.valid is not True
    assert report.signer is None


def test_two_signatures_swapped_are_named(by_both, judged):
    (a, b), (c, d) = room(by_both, 0), room(by_both, 1)
    one, two = (bytes.fromhex(by_both[x:y].decode()).rstrip(b"\0") for x, y in ((a, b), (c, d)))
    swapped = by_both
    for (start, end), held in (((a, b), two), ((c, d), one)):
        written = held.hex().upper().encode().ljust(end - start, b"0")
        swapped = swapped[:start] + written + swapped[end:]
    deputy, director = judged(swapped)
    assert (deputy.valid, deputy.code) == (False, "altered")
    assert (director.valid, director.code) == (False, "signature-swapped")
    assert "в другом поле этого документа" in director.reason


def test_a_signature_from_another_document_is_seen(desk, by_deputy, judged, make_document):
    other = desk.force(make_document(3), "deputy", desk.key("deputy"), desk.now, timed=False)
    (start, end), (taken, _) = room(other), room(by_deputy)
    pasted = other[:start] + by_deputy[taken : taken + end - start] + other[end:]
    (report,) = judged(pasted)
    assert (report.valid, report.intact, report.code) == (False, False, "altered")
    assert "из другого документа" in report.reason


def test_an_encrypted_file_is_refused_for_what_it_is(by_deputy, desk):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(by_deputy)))
    writer.encrypt("", "owner", algorithm="AES-256")
    locked = BytesIO()
    writer.write(locked)
    with pytest.raises(DocumentEncrypted, match="зашифрован"):
        verify(locked.getvalue(), desk.trust, desk.now)


@pytest.mark.parametrize("what", [b"", b"PK\3\4 not a PDF", b"%PDF-1.7\n", b"\0" * 4096])
def test_what_is_no_pdf_is_refused(what, desk):
    with pytest.raises(DocumentUnreadable, match="не PDF"):
        verify(what, desk.trust, desk.now)


def test_a_file_as_large_as_is_taken_is_checked(blank, desk, judged):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(blank)))
    writer.add_attachment("noise.bin", random.Random(1).randbytes(31 << 20))
    large = BytesIO()
    writer.write(large)
    signed = desk.force(large.getvalue(), "deputy", desk.key("deputy"), desk.now, timed=True)
    assert len(signed) > 31 << 20
    (report,) = judged(signed)
    assert (report.valid, report.extent.size) == (True, len(signed))
    (report,) = judged(flipped(signed, len(signed) // 2))
    assert (report.valid, report.code) == (False, "altered")


def test_more_revisions_than_anybody_needs_are_refused(by_both, desk):
    last = int(by_both[by_both.rindex(b"startxref") :].split()[1])
    trailer = by_both[by_both.rindex(b"trailer") : by_both.rindex(b"startxref")]
    table = b"xref\n0 1\n0000000000 65535 f \n"
    bare = trailer.replace(b"/Prev", b"/Was")
    pdf = bytearray(by_both)
    for _ in range(300):
        place = len(pdf)
        pdf += table + bare.replace(b"<<", b"<<\n/Prev %d" % last, 1)
        pdf += b"startxref\n%d\n%%%%EOF\n" % place
        last = place
    with pytest.raises(DocumentTooComplex, match="дополнений"):
        verify(bytes(pdf), desk.trust, desk.now)


def test_more_signatures_than_anybody_gives_are_refused(by_deputy, appended, desk):
    def crowd(writer):
        form = writer.root["/AcroForm"]
        lent = form["/Fields"][0]
        for number in range(MOST_PEOPLE + 1):
            more = type(lent)(lent)
            more["/T"] = type(lent["/T"])(f"f{number}")
            form["/Fields"].append(writer.add_object(more))
        writer.update_container(form["/Fields"])

    with pytest.raises(DocumentTooComplex, match="подписей"):
        verify(appended(by_deputy, crowd), desk.trust, desk.now)


def test_tables_that_chase_one_another_are_refused(by_both, desk):
    last = by_both.rindex(b"/Prev ")
    end = by_both.index(b"\n", last)
    own = by_both[by_both.rindex(b"startxref") :].split()[1]
    looped = by_both[:last] + b"/Prev " + own.ljust(end - last - 6) + by_both[end:]
    with pytest.raises(DocumentUnreadable):
        verify(looped, desk.trust, desk.now)


def test_a_file_tangled_to_be_read_for_ever_is_judged_soon(blank, desk, appended, judged, lockless):
    """Sixty lists, each holding the next twice: 2⁶⁰ ways to the last."""

    def tangle(writer):
        last = writer.add_object(ArrayObject())
        for _ in range(60):
            last = writer.add_object(ArrayObject([last, last]))
        writer.root["/Tangle"] = last
        writer.update_root()

    def touch(writer):
        writer.root["/Lang"] = pdf_name("/en")
        writer.update_root()

    once = desk.force(appended(blank, tangle), "deputy", desk.key("deputy"), desk.now, timed=False)
    deputy, director = judged(lockless(appended(once, touch), "director"))
    assert (deputy.valid, director.valid) == (False, True)
