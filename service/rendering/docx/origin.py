"""What a DOCX says of itself: its properties and, as custom XML, the data it was made from."""

from __future__ import annotations

import base64
import html
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from service.rendering.docx.text import DECLARATION, escaped, printable
from service.rendering.passport import Passport

PASSPORT = "urn:vedomost:passport"
CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


def application(pages: int) -> bytes:
    """Return docProps/app.xml."""
    return (
        f'{DECLARATION}<Properties xmlns="{EXTENDED}"><Pages>{pages}</Pages>'
        "<Application>vedomost</Application></Properties>"
    ).encode()


def passport_item(passport: Passport) -> bytes:
    """Return the item that holds the passport: JSON as it is, or base64 where XML cannot."""
    return (
        f'{DECLARATION}<passport xmlns="{PASSPORT}" document="{escaped(passport.document)}"'
        f' kind="{escaped(passport.kind)}" issued="{passport.issued_at.isoformat()}">'
        f"{_embedded('snapshot', passport.snapshot)}{_embedded('assignment', passport.assignment)}"
        "</passport>"
    ).encode()


def passport_properties(passport: Passport) -> bytes:
    """Return the properties of that item: an identity of its own and the schema it follows."""
    identity = str(uuid5(NAMESPACE_URL, f"{PASSPORT}:{printable(passport.document)}")).upper()
    return (
        f'{DECLARATION}<ds:datastoreItem xmlns:ds="{CUSTOM_XML}" ds:itemID="{{{identity}}}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{PASSPORT}"/></ds:schemaRefs></ds:datastoreItem>'
    ).encode()


def _embedded(name: str, body: bytes) -> str:
    content, encoding = _carried(body)
    digest = sha256(body).hexdigest()
    return f'<{name} sha256="{digest}" encoding="{encoding}">{content}</{name}>'


def _carried(body: bytes) -> tuple[str, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
    content = escaped(text)
    if html.unescape(content) != text:  # a character XML drops or changes
        return base64.b64encode(body).decode(), "base64"
    return content, "text"
