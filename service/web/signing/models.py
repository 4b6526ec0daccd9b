"""What goes over the wire about signing: certificates in, what to sign out, answers back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from service.domain.codes import Id
from service.domain.errors import Reason
from service.web.documents.models import AttorneyTold
from service.web.http.models import Asked, Base64, Told

MOST_ITEMS = 500
MOST_CERTIFICATES = 8

Wrapped = Annotated[  # base64, in lines as programs like to give it
    str,
    Field(min_length=4, max_length=262_144, pattern=r"^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$"),
]
Role = Literal["deputy", "seal", "director"]
File = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_.-]+$")]
Certificates = Annotated[tuple[Base64, ...], Field(min_length=1, max_length=MOST_CERTIFICATES)]
Ids = Annotated[tuple[Id, ...], Field(max_length=MOST_ITEMS)]


class SignatureAsked(Asked):
    """Begin to sign: the signer's certificate first, then those above it; base64 of DER."""

    role: Role
    certificates: Certificates


class AnswerAsked(Asked):
    """What the key made; one of the two, base64.

    `value` is the signature of `to_sign` as the key gives it: RSA PKCS#1 v1.5, ECDSA as DER or r‖s,
    GOST R 34.10-2012 as s‖r or with its bytes reversed. `cms` is a whole detached CMS (CAdES-BES)
    made over `document_digest`.
    """

    value: Wrapped | None = None
    cms: Wrapped | None = None


class AttorneyAsked(Asked):
    """A power of attorney (МЧД): its XML and detached signature, or its number in the register."""

    number: Annotated[str, Field(max_length=36)] = ""
    until: date | None = None
    xml: Base64 | None = None
    signature: Base64 | None = None


class CertificatesAsked(Asked):
    """Join a session: the signer's certificate first, then those above it; base64 of DER."""

    certificates: Certificates
    attorney: AttorneyAsked | None = None


class SessionAsked(Asked):
    """Open a session over 1–500 documents and packages; without certificates it is joined later.

    It lasts `minutes`, or as long as usual here.
    """

    role: Role
    documents: Ids = ()
    packages: Ids = ()
    certificates: Certificates | None = None
    attorney: AttorneyAsked | None = None
    minutes: Annotated[int | None, Field(ge=1)] = None


class AnswersAsked(Asked):
    """What the key made of one document or package, by file."""

    answers: Annotated[dict[File, AnswerAsked], Field(min_length=1, max_length=8)]


class ItemAnswersAsked(AnswersAsked):
    """The same with what it is about: one of the two."""

    document: Id | None = None
    package: Id | None = None


class BatchAsked(Asked):
    """Answers for many items at once, in any order."""

    items: Annotated[tuple[ItemAnswersAsked, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class SigningTold(Told):
    """A session of one document: `to_sign` is the DER of the signed attributes, signed as it is."""

    id: str
    role: str
    to_sign: str
    digest_algorithm: str
    expires_at: datetime


class PartTold(Told):
    """A file to be signed, in base64.

    A key signs `to_sign` (DER of the signed attributes, RFC 5652 5.4) or its digest
    `to_sign_digest`; a program that makes a CMS of its own is given `document_digest`, the digest
    of the file at `content` (of a PDF: of its last byte range). Names of algorithms are those of
    asn1crypto: `sha256`, `streebog256`, `sha256_rsa`, `gost2012_256`, ….
    """

    file: str
    content: str
    to_sign: str
    to_sign_digest: str
    document_digest: str
    digest_algorithm: str
    signature_algorithm: str


class ItemTold(Told):
    """A document or package of a session and what its signer must see.

    `pdf_sha256` is of the file as it stands without the new signature; `preview` leads to the PDF.
    Of a package: `manifest_sha256`, and `preview` leads to the manifest.
    """

    document: str | None = None
    package: str | None = None
    state: Literal["unprepared", "waiting", "signed", "refused"]
    kind: str | None = None
    title: str | None = None
    class_title: str | None = None
    term: str | None = None
    version: int | None = None
    pages: int | None = None
    sheets: int | None = None
    pdf_sha256: str | None = None
    manifest_sha256: str | None = None
    preview: str | None = None
    parts: list[PartTold] = Field(default_factory=list)
    problem: Reason | None = None


class CountsTold(Told):
    """How many items of a session are in which state."""

    unprepared: int
    waiting: int
    signed: int
    refused: int


class SessionTold(Told):
    """A signing session; `complete` when nothing in it can be signed any more."""

    id: str
    school: str
    role: str
    state: Literal["open", "complete", "closed", "expired"]
    signer: str | None
    attorney: AttorneyTold | None = None
    opened_at: datetime
    expires_at: datetime
    counts: CountsTold
    items: list[ItemTold]


class OutcomeTold(Told):
    """What became of an answer."""

    document: str | None = None
    package: str | None = None
    state: Literal["unprepared", "waiting", "signed", "refused"]
    problem: Reason | None = None


class OutcomesTold(Told):
    """What became of every answer, in the order they came."""

    items: list[OutcomeTold]
