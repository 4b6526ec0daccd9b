"""What is written after a signature: harmless, harmful, and harmful in disguise."""

from __future__ import annotations

import pytest
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NumberObject,
    StreamObject,
    TextStringObject,
    pdf_name,
)
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfTimeStamper

from signing import document
from signing.integrity import allows_what_follows, signatures_in
from signing.reports import Coverage
from signing.validation_data import Evidence, with_evidence

FORGED = b"BT (forged) Tj ET\n"


def entries(**named):
    return DictionaryObject({pdf_name(f"/{name}"): value for name, value in named.items()})


def first_page(writer):
    return writer.root["/Pages"]["/Kids"][0]


def replace_page(writer):
    page = first_page(writer)
    page["/Contents"] = writer.add_object(StreamObject(stream_data=FORGED))
    writer.update_container(page)


def replace_stream(writer):
    number = first_page(writer).raw_get("/Contents").idnum
    writer.objects[(0, number)] = StreamObject(stream_data=FORGED)


def rotate_page(writer):
    page = first_page(writer)
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)


def drop_page(writer):
    pages = writer.root["/Pages"]
    pages["/Kids"] = ArrayObject(pages["/Kids"].raw_get(place) for place in (1, 2))
    pages["/Count"] = NumberObject(2)
    writer.update_container(pages)


def open_with_script(writer):
    script = entries(S=pdf_name("/JavaScript"), JS=TextStringObject("app.alert(1)"))
    writer.root["/OpenAction"] = writer.add_object(script)
    writer.update_root()


def change_metadata(writer):
    number = writer.root.raw_get("/Metadata").idnum
    writer.objects[(0, number)] = StreamObject(stream_data=b"<x:xmpmeta/>")


def note_over_text(writer):
    look = StreamObject(entries(Subtype=pdf_name("/Form")), stream_data=FORGED)
    box = ArrayObject(map(NumberObject, (0, 0, 500, 500)))
    note = entries(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/FreeText"),
        Rect=box,
        AP=entries(N=writer.add_object(look)),
    )
    page = first_page(writer)
    notes = page.get("/Annots", ArrayObject())
    page["/Annots"] = ArrayObject([*notes, writer.add_object(note)])
    writer.update_container(page)


def attach_file(writer):
    held = writer.add_object(
        StreamObject(entries(Type=pdf_name("/EmbeddedFile")), stream_data=b"<html>")
    )
    name = TextStringObject("table.html")
    told = entries(Type=pdf_name("/Filespec"), F=name, EF=entries(F=held))
    tree = entries(Names=ArrayObject([name, writer.add_object(told)]))
    writer.root["/Names"] = writer.add_object(entries(EmbeddedFiles=tree))
    writer.update_root()


def drop_mark(writer):
    field = writer.root["/AcroForm"]["/Fields"][0]
    del field["/AP"]
    writer.update_container(field)


def write_everything_again(writer):
    for number in range(1, writer.prev.xrefs.get_xref_container_info(0).size):
        reference = IndirectObject(number, 0, writer)
        writer.mark_update(reference)


def add_stray_object(writer):
    writer.add_object(StreamObject(stream_data=b"stray"))


HARM = {
    replace_page: ("page-changed", "страница 1"),
    replace_stream: ("page-changed", "страница 1"),
    rotate_page: ("page-changed", "страница 1"),
    drop_page: ("page-changed", "список страниц"),
    note_over_text: ("annotation-changed", "пометка на странице 1"),
    attach_file: ("attachment-changed", "список вложений"),
    drop_mark: ("field-changed", "поле на странице 3"),
    change_metadata: ("metadata-changed", "сведения о документе"),
    open_with_script: ("catalogue-changed", "действие при открытии документа"),
    write_everything_again: ("page-changed", "страница 1"),
    add_stray_object: ("object-changed", "объект"),
}


def with_table(pdf, entries):
    """Return `pdf` with one more cross-reference table of some entries."""
    last = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    trailer = pdf[pdf.rindex(b"trailer") : pdf.rindex(b"startxref")]
    trailer = trailer.replace(b"/Prev", b"/Was").replace(b"<<", b"<<\n/Prev %d" % last, 1)
    end = b"startxref\n%d\n%%%%EOF\n" % len(pdf)
    return pdf + b"xref\n" + entries + trailer + end


@pytest.mark.parametrize("change", HARM)
@pytest.mark.parametrize("signed", ["by_deputy", "by_both"])
def test_a_later_increment_is_named(request, judged, appended, signed, change):
    code, what = HARM[change]
    pdf = appended(request.getfixturevalue(signed), change)
    for report in judged(pdf):
        assert (report.valid, report.intact, report.code) == (False, True, code)
        assert report.coverage is Coverage.CHANGES_FOLLOW
        assert what in report.reason
        assert any(change.what.startswith(what) for change in report.changes)
        assert report.extent.covered < report.extent.size


def test_a_freed_object_is_named(judged, by_both):
    outline = document.reader(by_both).root.raw_get("/OutputIntents")
    number = outline[0].raw_get("/DestOutputProfile").idnum
    pdf = with_table(by_both, b"%d 1\n0000000000 00001 f \n" % number)
    for report in judged(pdf):
        assert (report.valid, report.code) == (False, "object-removed")


def test_a_table_written_twice_changes_nothing(judged, by_both):
    """The same cross-reference table once more: every entry points at what it pointed at."""
    start = int(by_both[by_both.rindex(b"startxref") :].split()[1])
    again = by_both[start : by_both.rindex(b"startxref")]
    pdf = by_both + again + b"startxref\n%d\n%%%%EOF\n" % len(by_both)
    assert [report.valid for report in judged(pdf)] == [True, True]


def test_bytes_after_the_end_are_seen(desk, blank, by_both, judged):
    signed = desk.force(blank, "director", desk.key("director"), desk.now, timed=False)
    assert [report.coverage for report in judged(signed)] == [Coverage.WHOLE_FILE]
    for pdf in (signed, by_both):
        end = pdf[pdf.rindex(b"startxref") :]
        for more in (b"<html>more</html>\n", b"<html>more</html>\n" + end, pdf):
            for report in judged(pdf + more):
                assert (report.valid, report.code) == (False, "bytes-appended")
    before = by_both.rindex(b"startxref")
    hidden = by_both[:before] + b"\n4 0 obj <</A 1>> endobj\n" + by_both[before:]
    assert {report.code for report in judged(hidden)} == {"bytes-appended"}


def test_a_page_passed_off_as_evidence_before_signing_is_seen(desk, blank, judged, appended):
    def disguise(writer):
        contents = first_page(writer).raw_get("/Contents")
        store = entries(Certs=ArrayObject(), CRLs=ArrayObject([contents]))
        writer.root["/DSS"] = writer.add_object(store)
        writer.update_root()

    prepared = appended(blank, disguise)
    signed = desk.force(prepared, "director", desk.key("director"), desk.now, timed=True)
    (report,) = judged(appended(signed, replace_stream))
    assert (report.valid, report.code) == (False, "page-changed")


def test_a_gap_left_in_a_page_cannot_be_filled_by_evidence(desk, blank, judged, appended):
    number = 60

    def leave_gap(writer):
        page = first_page(writer)
        gap = IndirectObject(number, 0, writer)
        page["/Contents"] = ArrayObject([page.raw_get("/Contents"), gap])
        writer.update_container(page)

    def fill_gap(writer):
        writer._lastobj_id = number
        writer.objects[(0, number)] = StreamObject(stream_data=FORGED)
        forged = IndirectObject(number, 0, writer)
        writer.root["/DSS"] = writer.add_object(entries(Certs=ArrayObject([forged])))
        writer.update_root()

    prepared = appended(blank, leave_gap)
    signed = desk.force(prepared, "director", desk.key("director"), desk.now, timed=True)
    assert [report.valid for report in judged(signed)] == [True]
    (report,) = judged(appended(signed, fill_gap))
    assert (report.valid, report.code) == (False, "evidence-misused")
    assert "под видом данных" in report.reason


def test_a_list_shared_by_a_page_and_evidence_cannot_grow(desk, blank, judged, appended):
    def share(writer):
        page = first_page(writer)
        both = writer.add_object(ArrayObject([page.raw_get("/Contents")]))
        page["/Contents"] = both
        writer.update_container(page)
        writer.root["/DSS"] = writer.add_object(entries(Certs=both))
        writer.update_root()

    def grow(writer):
        shared = writer.root["/DSS"]["/Certs"]
        shared.append(writer.add_object(StreamObject(stream_data=FORGED)))
        writer.update_container(shared)

    prepared = appended(blank, share)
    signed = desk.force(prepared, "director", desk.key("director"), desk.now, timed=True)
    (report,) = judged(appended(signed, grow))
    assert (report.valid, report.code) == (False, "evidence-misused")


def test_a_document_timestamp_may_not_be_seen(desk, by_both, judged, appended):
    """A form prepared before signing and hidden, shown later as the look of a timestamp."""
    stamper = PdfTimeStamper(desk.timestamper)
    stamped = stamper.timestamp_pdf(document.writer(by_both), "sha256").getvalue()
    assert [report.valid for report in judged(stamped)] == [True, True]

    def show(writer):
        field = writer.root["/AcroForm"]["/Fields"][-1]
        field["/Rect"] = ArrayObject(map(NumberObject, (0, 0, 500, 500)))
        shown = writer.root["/AcroForm"]["/Fields"][0]["/AP"].raw_get("/N")
        field["/AP"] = entries(N=shown)
        writer.update_container(field)

    for report in judged(appended(stamped, show)):
        assert (report.valid, report.code) == (False, "field-changed")


def test_old_content_put_back_in_place_of_new_is_seen(desk, blank, judged, appended):
    """Hide and replace: both were signed, a later table points at the one that was hidden."""
    page = document.reader(blank).root["/Pages"]["/Kids"].raw_get(0).idnum
    turned = appended(blank, rotate_page)
    signed = desk.force(turned, "director", desk.key("director"), desk.now, timed=True)
    hidden = blank.index(b"\n%d 0 obj" % page) + 1
    pdf = with_table(signed, b"%d 1\n%010d 00000 n \n" % (page, hidden))
    (report,) = judged(pdf)
    assert (report.valid, report.code) == (False, "page-changed")
    assert report.extent.revision < report.extent.revisions


def test_a_field_that_shows_anothers_signature_is_named(judged, appended, by_deputy):
    def borrow(writer):
        fields = writer.root["/AcroForm"]["/Fields"]
        lent, empty = fields[0], fields[1]
        empty["/V"] = lent.raw_get("/V")
        writer.update_container(empty)

    reports = judged(appended(by_deputy, borrow))
    assert [report.field for report in reports] == ["deputy", "director"]
    for report in reports:
        assert (report.valid, report.code) == (False, "signature-shared")


def test_a_field_added_after_the_lock_breaks_it(by_both, judged, appended):
    more = appended(by_both, lambda writer: append_signature_field(writer, SigFieldSpec("third")))
    for report in judged(more):
        assert (report.valid, report.code) == (False, "field-changed")


def test_a_signature_the_lock_forbids_breaks_the_one_that_locked(desk, blank, judged, lockless):
    locked = desk.force(blank, "director", desk.key("director"), desk.now, timed=False)
    broken = lockless(locked, "deputy")
    director, deputy = judged(broken)
    assert (director.field, director.valid, director.code) == ("director", False, "field-changed")
    assert "поле подписи «deputy»" in director.reason
    assert deputy.field == "deputy"


def test_our_rules_never_allow_what_the_library_forbids(desk, by_deputy, by_both, appended):
    stamper = PdfTimeStamper(desk.timestamper)
    stamped = stamper.timestamp_pdf(document.writer(by_both), "sha256").getvalue()
    more = with_evidence(stamped, Evidence(certificates=(desk.key("revoked").certificate,)))
    for pdf in (by_deputy, by_both, stamped, more):
        for seal in signatures_in(document.reader(pdf), pdf).people:
            assert allows_what_follows(seal.signature), seal.name
