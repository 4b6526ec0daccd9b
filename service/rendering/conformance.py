"""What makes a file PDF/A-3u: XMP, output intent, identity, embedded origin (ISO 19005-3)."""

from __future__ import annotations

from hashlib import md5
from importlib.resources import files
from xml.sax.saxutils import escape

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from service.rendering.passport import Passport

PRODUCER = "vedomost"

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>ru-RU</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{document}</dc:identifier></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def finish(writer: PdfWriter, passport: Passport) -> None:
    """Make the document PDF/A-3u and embed what it was made from."""
    root = writer.root_object
    moment = passport.issued_at.isoformat(timespec="seconds")
    xmp = XMP.format(
        title=escape(passport.title),
        document=escape(passport.document),
        producer=PRODUCER,
        date=moment,
    )
    metadata = DecodedStreamObject()
    metadata.set_data(xmp.encode())
    metadata.update(
        {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    )
    root[NameObject("/Metadata")] = writer._add_object(metadata)
    root[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(_intent(writer))])
    root[NameObject("/Lang")] = TextStringObject("ru-RU")
    date = _pdf_date(passport)
    writer.metadata = {
        "/Title": passport.title,
        "/Producer": PRODUCER,
        "/Creator": PRODUCER,
        "/CreationDate": date,
        "/ModDate": date,
    }
    _embed(writer, passport, date)
    identity = md5(
        passport.document.encode() + passport.snapshot + passport.assignment, usedforsecurity=False
    ).digest()
    writer._ID = ArrayObject([ByteStringObject(identity), ByteStringObject(identity)])


def _intent(writer: PdfWriter) -> DictionaryObject:
    profile = DecodedStreamObject()
    profile.set_data(files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes())
    profile[NameObject("/N")] = NumberObject(3)
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB IEC61966-2.1"),
            NameObject("/DestOutputProfile"): writer._add_object(profile.flate_encode()),
        }
    )


def _embed(writer: PdfWriter, passport: Passport, date: str) -> None:
    names = ArrayObject()
    associated = ArrayObject()
    for name, body, relation, about in (
        ("assignment.json", passport.assignment, "/Data", "Задание на печать"),
        (passport.source, passport.snapshot, "/Source", passport.about),
    ):
        stream = DecodedStreamObject()
        stream.set_data(body)
        packed: StreamObject = stream.flate_encode(level=6)
        packed.update(
            {
                NameObject("/Type"): NameObject("/EmbeddedFile"),
                NameObject("/Subtype"): NameObject("/application/json"),
                NameObject("/Params"): DictionaryObject(
                    {
                        NameObject("/Size"): NumberObject(len(body)),
                        NameObject("/ModDate"): TextStringObject(date),
                    }
                ),
            }
        )
        reference = writer._add_object(packed)
        specification = writer._add_object(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Filespec"),
                    NameObject("/F"): TextStringObject(name),
                    NameObject("/UF"): TextStringObject(name),
                    NameObject("/Desc"): TextStringObject(about),
                    NameObject("/AFRelationship"): NameObject(relation),
                    NameObject("/EF"): DictionaryObject(
                        {NameObject("/F"): reference, NameObject("/UF"): reference}
                    ),
                }
            )
        )
        names.extend([TextStringObject(name), specification])
        associated.append(specification)
    root = writer.root_object
    root[NameObject("/AF")] = associated
    root[NameObject("/Names")] = DictionaryObject(
        {NameObject("/EmbeddedFiles"): DictionaryObject({NameObject("/Names"): names})}
    )


def _pdf_date(passport: Passport) -> str:
    """Return the date as PDF writes it (ISO 32000-1, 7.9.4)."""
    moment = passport.issued_at
    offset = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
