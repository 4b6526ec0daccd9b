"""The package of a DOCX: its parts, their relationships, and a zip that is always the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.packuri import PACKAGE_URI, PackURI
from docx.opc.part import Part

from service.rendering.docx.body import body
from service.rendering.docx.check_mark import PICTURE, REFERENCE
from service.rendering.docx.fonts import embedded, font_table
from service.rendering.docx.origin import application, passport_item, passport_properties
from service.rendering.docx.settings import settings
from service.rendering.docx.sheets import footer, header, sheet_under
from service.rendering.docx.styles import LANGUAGE, style_sheet
from service.rendering.docx.text import DECLARATION, printable
from service.rendering.docx.theme import theme
from service.rendering.pages import Book
from service.rendering.passport import Passport
from service.rendering.typeface import Faces

CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OBFUSCATED_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
UNIX = 3


def docx(book: Book, passport: Passport, faces: Faces | None = None) -> bytes:
    """Return the book as a DOCX: a page of the book is a page of the file.

    With `faces` the fonts go inside: a computer that lacks them breaks lines and pages alike.
    The same book and passport give the same bytes. The numbers of pages and sheets are text,
    not fields: they cannot change when the file is opened.
    """
    package = OpcPackage()
    document = _part("/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN, body(book).encode())
    package.relate_to(document, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    _dress(document, book, faces)
    _number(document, book, passport)
    if book.mark is not None:
        picture = _part(PICTURE, CONTENT_TYPE.PNG, book.mark.code.png())
        document.load_rel(RELATIONSHIP_TYPE.IMAGE, picture, REFERENCE)
    _describe(package, document, book, passport)
    return _zipped(package, passport)


def _part(name: str, content_type: str, blob: bytes) -> Part:
    return Part(PackURI(name), content_type, blob)


def _dress(document: Part, book: Book, faces: Faces | None) -> None:
    """Attach what the pages look like: styles, settings, theme, fonts."""
    fonts = tuple(embedded(faces)) if faces else ()
    shown = settings(mirrored=book.content.bound, fonts_inside=bool(fonts))
    table = _part("/word/fontTable.xml", CONTENT_TYPE.WML_FONT_TABLE, font_table(fonts))
    for part, relationship in (
        (
            _part("/word/styles.xml", CONTENT_TYPE.WML_STYLES, style_sheet()),
            RELATIONSHIP_TYPE.STYLES,
        ),
        (
            _part("/word/settings.xml", CONTENT_TYPE.WML_SETTINGS, shown),
            RELATIONSHIP_TYPE.SETTINGS,
        ),
        (
            _part("/word/theme/theme1.xml", CONTENT_TYPE.OFC_THEME, theme()),
            RELATIONSHIP_TYPE.THEME,
        ),
        (table, RELATIONSHIP_TYPE.FONT_TABLE),
    ):
        document.relate_to(part, relationship)
    for font in fonts:
        file = _part(f"/word/fonts/{font.reference}.odttf", OBFUSCATED_FONT, font.body)
        table.load_rel(RELATIONSHIP_TYPE.FONT, file, font.reference)


def _number(document: Part, book: Book, passport: Passport) -> None:
    """Attach the header and the footer of every page under the ids its section speaks of."""
    small_print = book.content.small_print(passport.document)
    for index, page in enumerate(book.pages):
        above = header(page, book.content, sheet_under(page, index, book.content))
        below = footer(page, small_print, book.totals)
        document.load_rel(
            RELATIONSHIP_TYPE.HEADER,
            _part(f"/word/header{index}.xml", CONTENT_TYPE.WML_HEADER, above),
            f"header{index}",
        )
        document.load_rel(
            RELATIONSHIP_TYPE.FOOTER,
            _part(f"/word/footer{index}.xml", CONTENT_TYPE.WML_FOOTER, below),
            f"footer{index}",
        )


def _describe(package: OpcPackage, document: Part, book: Book, passport: Passport) -> None:
    properties = package.core_properties
    properties.title = printable(passport.title)
    properties.subject = printable(passport.kind)
    properties.identifier = printable(passport.document)
    properties.author = properties.last_modified_by = "vedomost"
    properties.language = LANGUAGE
    properties.created = properties.modified = passport.issued_at.astimezone(UTC)
    package.relate_to(
        _part(
            "/docProps/app.xml",
            CONTENT_TYPE.OFC_EXTENDED_PROPERTIES,
            application(len(book.pages)),
        ),
        RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    )
    item = _part("/customXml/item1.xml", CONTENT_TYPE.XML, passport_item(passport))
    item.relate_to(
        _part(
            "/customXml/itemProps1.xml",
            CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES,
            passport_properties(passport),
        ),
        RELATIONSHIP_TYPE.CUSTOM_XML_PROPS,
    )
    document.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def _zipped(package: OpcPackage, passport: Passport) -> bytes:
    out = BytesIO()
    written = passport.issued_at.timetuple()[:6]
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, blob in _members(package):
            member = ZipInfo(name, date_time=written)
            member.compress_type = ZIP_DEFLATED
            member.create_system = UNIX
            member.external_attr = 0o600 << 16
            archive.writestr(member, blob)
    return out.getvalue()


def _members(package: OpcPackage) -> Iterator[tuple[str, bytes]]:
    parts = tuple(package.iter_parts())
    types = "".join(
        f'<Override PartName="{part.partname}" ContentType="{part.content_type}"/>'
        for part in parts
    )
    yield (
        "[Content_Types].xml",
        (
            f'{DECLARATION}<Types xmlns="{CONTENT_TYPES}">'
            f'<Default Extension="rels" ContentType="{CONTENT_TYPE.OPC_RELATIONSHIPS}"/>'
            f'<Default Extension="xml" ContentType="{CONTENT_TYPE.XML}"/>'
            f'<Default Extension="odttf" ContentType="{OBFUSCATED_FONT}"/>{types}</Types>'
        ).encode(),
    )
    yield PACKAGE_URI.rels_uri.membername, package.rels.xml
    for part in parts:
        yield part.partname.membername, part.blob
        if len(part.rels):
            yield part.partname.rels_uri.membername, part.rels.xml
