"""A small archive document with two signature fields, and an authority that certifies people."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import pem
from gost_authority import GostAuthority
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from tokens import SoftToken, make_token
from weasyprint import HTML

from signing import cms
from signing import document as opened
from signing.authority import Authority, Condition, KeyKind, Person
from signing.document import Appender
from signing.keys import Key, Pkcs12Key
from signing.lettering import Typeface
from signing.prepared import Prepared, State
from signing.reports import SignatureReport
from signing.session import prepare, sign
from signing.stamp import MM, Stamp
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.verify import verify

FONTS = Path(__file__).parents[2] / "fonts"
BOXES = {"deputy": (60.0, 500.0), "director": (320.0, 500.0)}
WIDTH, HEIGHT = 75 * MM, 28 * MM
PASSPHRASE = "пароль"
PEOPLE = (
    Person("deputy", "Заварзина", "Ольга Сергеевна", "МБОУ СОШ № 1", KeyKind.RSA),
    Person("director", "Лопатин", "Пётр Ильич", "МБОУ СОШ № 1", KeyKind.EC),
    Person("expired", "Рощин", "Глеб Маркович", "МБОУ СОШ № 1", condition=Condition.EXPIRED),
    Person("early", "Рощин", "Глеб Маркович", "МБОУ СОШ № 1", condition=Condition.NOT_YET_VALID),
    Person("revoked", "Рощин", "Глеб Маркович", "МБОУ СОШ № 1", condition=Condition.REVOKED),
)
PAGE = """
<html lang="ru"><head><title>Проверка</title>
<style>@font-face {{ font-family: PT; src: url({font}) }} * {{ font-family: PT }}
section {{ break-after: page }}</style></head>
<body>{pages}</body></html>
"""


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment the whole suite happens at."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def blank() -> bytes:
    """A PDF/A-3u of three pages with empty fields `deputy` and `director`, both 75 × 28 mm."""
    return document(pages=3)


def document(pages: int) -> bytes:
    font = (FONTS / "PTSans-Regular.ttf").as_uri()
    body = "".join(f"<section><p>Страница {number + 1}</p></section>" for number in range(pages))
    html = HTML(string=PAGE.format(font=font, pages=body))
    plain = html.write_pdf(pdf_variant="pdf/a-3u")
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain)))
    page = writer.pages[-1]
    fields = ArrayObject()
    for name, (x, y) in BOXES.items():
        box = (x, y, x + WIDTH, y + HEIGHT)
        look = writer._add_object(empty_form())
        field = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/T"): TextStringObject(name),
                NameObject("/F"): NumberObject(132),
                NameObject("/Rect"): ArrayObject(FloatObject(round(side, 2)) for side in box),
                NameObject("/P"): page.indirect_reference,
                NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
            }
        )
        if name == "director":
            field[NameObject("/Lock")] = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/SigFieldLock"),
                    NameObject("/Action"): NameObject("/All"),
                    NameObject("/P"): NumberObject(1),
                }
            )
        fields.append(writer._add_object(field))
    page[NameObject("/Annots")] = ArrayObject(fields)
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(
        DictionaryObject({NameObject("/Fields"): fields})
    )
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def empty_form() -> DictionaryObject:
    form = DecodedStreamObject()
    form.set_data(b"")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(map(FloatObject, (0, 0, WIDTH, HEIGHT))),
        }
    )
    return form


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Iterator[Authority]:
    """The authority of PEOPLE, answering over HTTP; its clock stands at `now`."""
    made = Authority.create(tmp_path_factory.mktemp("authority"), PEOPLE, around=now)
    with made.serve(at=now):
        yield made


@pytest.fixture(scope="session")
def trust(authority: Authority) -> Trust:
    """Trust in the authority."""
    return authority.trust(timeout=20)


@pytest.fixture(scope="session")
def timestamper(authority: Authority) -> Timestamper:
    """The authority's timestamps."""
    return Timestamper([authority.timestamp_url], timeout=20)


@pytest.fixture(scope="session")
def stamp() -> Stamp:
    """The mark in the time of Yekaterinburg."""
    return Stamp(
        regular=Typeface((FONTS / "PTSans-Regular.ttf").read_bytes()),
        bold=Typeface((FONTS / "PTSans-Bold.ttf").read_bytes()),
        zone=timezone(timedelta(hours=5)),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """Everybody's keys, and a short way to sign with them."""

    authority: Authority
    stamp: Stamp
    timestamper: Timestamper
    trust: Trust
    now: datetime

    def key(self, who: str) -> Pkcs12Key:
        return Pkcs12Key.open(self.authority.pkcs12(who, PASSPHRASE), PASSPHRASE)

    def force(self, pdf: bytes, field: str, key: Key, at: datetime, *, timed: bool) -> bytes:
        """Sign as somebody would who checks nothing and adds no evidence."""
        prepared = prepare(pdf, field, key.certificate, key.chain, stamp=None, at=at)
        value = key.sign(prepared.to_sign)
        state = State.load(prepared.state)
        tokens = [self.timestamper.token(value).dump()] if timed else []
        named = cms.identifiers(key.algorithm)
        signer = cms.signer_info(state.attributes, value, key.certificate, named)
        container = cms.container(cms.timed(signer, tokens), [key.certificate, *key.chain])
        return state.filled(prepared.pdf, container)

    def sign(self, pdf: bytes, field: str, who: str | None = None) -> bytes:
        return sign(
            pdf,
            field,
            self.key(who or field),
            stamp=self.stamp,
            timestamper=self.timestamper,
            trust=self.trust,
            at=self.now,
        )


@pytest.fixture(scope="session")
def desk(
    authority: Authority, stamp: Stamp, timestamper: Timestamper, trust: Trust, now: datetime
) -> Desk:
    """Keys of PEOPLE and what signing needs."""
    return Desk(authority, stamp, timestamper, trust, now)


@pytest.fixture(scope="session")
def by_deputy(desk: Desk, blank: bytes) -> bytes:
    """The document signed by the deputy."""
    return desk.sign(blank, "deputy")


@pytest.fixture(scope="session")
def by_both(desk: Desk, by_deputy: bytes) -> bytes:
    """The document signed by the deputy, then by the director."""
    return desk.sign(by_deputy, "director")


@pytest.fixture(scope="session")
def make_document() -> Callable[[int], bytes]:
    """Make a document of so many pages."""
    return document


@pytest.fixture(scope="session")
def judged(desk: Desk, pdfsig, openssl) -> Callable[..., tuple[SignatureReport, ...]]:
    """`judged(pdf)`: verified now, trusting the authority; either may be replaced.

    What we accept, poppler and OpenSSL must accept too.
    """

    def judge(pdf: bytes, trust: Trust | None = None, at: datetime | None = None):
        reports = verify(pdf, trust or desk.trust, at or desk.now)
        if reports and all(report.valid is True for report in reports):
            named = {report.field for report in reports}
            seen = [one for one in pdfsig(pdf) if one.field in named]
            assert [one.valid for one in seen] == [True] * len(reports), seen
            if at is None:
                containers = openssl(pdf)
                assert all(one.holds for one in containers[: len(reports)]), containers
        return reports

    return judge


@pytest.fixture(scope="session")
def appended() -> Callable[[bytes, Callable[[Appender], None]], bytes]:
    """`appended(pdf, change)`: one more revision in which `change` was made."""

    def append(pdf: bytes, change: Callable[[Appender], None]) -> bytes:
        writer = opened.writer(pdf)
        change(writer)
        output = BytesIO()
        writer.write(output)
        return output.getvalue()

    return append


@pytest.fixture(scope="session")
def lockless(desk: Desk) -> Callable[[bytes, str], bytes]:
    """Sign with pyHanko, which does not ask whether an earlier signature forbids it."""

    def by_pyhanko(pdf: bytes, field: str) -> bytes:
        signer = SimpleSigner.load_pkcs12_data(
            desk.authority.pkcs12("deputy", "x"), [], passphrase=b"x"
        )
        metadata = PdfSignatureMetadata(
            field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
        )
        signed = PdfSigner(metadata, signer).sign_pdf(opened.writer(pdf))
        return bytes(signed.getbuffer())

    return by_pyhanko


@dataclass(frozen=True, slots=True)
class SeenCms:
    """One signature as OpenSSL sees it: does the CAdES container hold over its byte range."""

    holds: bool
    reaches: int  # end of the byte range
    said: str


@pytest.fixture(scope="session")
def openssl(authority: Authority, tmp_path_factory: pytest.TempPathFactory):
    """`openssl(pdf)`: every signature container, verified by `openssl cms -verify -cades`."""
    folder = tmp_path_factory.mktemp("openssl")
    roots = folder / "roots.pem"
    roots.write_bytes(b"".join(pem.armor("CERTIFICATE", c.dump()) for c in authority.chain()))

    def judge(pdf: bytes) -> list[SeenCms]:
        return [_seen_by_openssl(pdf, found, folder, roots) for found in RANGE.finditer(pdf)]

    return judge


@pytest.fixture(scope="session")
def gost(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Iterator[GostAuthority]:
    """The authority on GOST keys, answering over HTTP."""
    with GostAuthority.served(tmp_path_factory.mktemp("gost"), now) as served:
        yield served


@pytest.fixture(scope="session")
def openssl_gost(gost: GostAuthority, tmp_path_factory: pytest.TempPathFactory):
    """Like `openssl`, with the engine `gost` and trust in the authority on GOST keys."""
    folder = tmp_path_factory.mktemp("openssl-gost")
    roots, engine = gost.folder / "root.pem", ("-engine", "gost")

    def judge(pdf: bytes) -> list[SeenCms]:
        return [_seen_by_openssl(pdf, one, folder, roots, *engine) for one in RANGE.finditer(pdf)]

    return judge


RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


def _seen_by_openssl(
    pdf: bytes, found: re.Match[bytes], folder: Path, roots: Path, *engine: str
) -> SeenCms:
    start, length, again, rest = map(int, found.groups())
    container = bytes.fromhex(pdf[start + length : again].strip(b"<> \r\n").decode("ascii"))
    (folder / "container.der").write_bytes(_without_padding(container))
    (folder / "content").write_bytes(pdf[start : start + length] + pdf[again : again + rest])
    options = ["-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", *engine]
    files = {"-in": "container.der", "-content": "content", "-CAfile": roots, "-out": "out"}
    said = subprocess.run(
        ["openssl", "cms", *options, *(word for pair in files.items() for word in pair)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return SeenCms(said.returncode == 0, again + rest, said.stderr)


def _without_padding(container: bytes) -> bytes:
    length, header = container[1], 2
    if length & 0x80:
        header += length & 0x7F
        length = int.from_bytes(container[2:header], "big")
    return container[: header + length]


@pytest.fixture(scope="session")
def softhsm(authority: Authority) -> SoftToken:
    """A token with the keys of the deputy (RSA, id 0A) and of the director (EC, id 0B)."""
    token = make_token("школа", "4321")
    for who, key_id in (("deputy", "0a"), ("director", "0b")):
        token.add(authority.pkcs12(who, PASSPHRASE), PASSPHRASE, who, key_id)
    return token


@pytest.fixture(scope="session")
def empty_token() -> SoftToken:
    """A token with nothing on it."""
    return make_token("пустой", "1111")


@dataclass(frozen=True, slots=True)
class Stranger:
    """The director of another authority, which does not answer by itself."""

    authority: Authority
    key: Pkcs12Key
    prepared: Prepared


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory, blank: bytes, now: datetime) -> Stranger:
    """Somebody we do not know, about to sign the blank."""
    other = Authority.create(tmp_path_factory.mktemp("stranger"), PEOPLE[1:2], around=now)
    key = Pkcs12Key.open(other.pkcs12("director", PASSPHRASE), PASSPHRASE)
    prepared = prepare(blank, "director", key.certificate, key.chain, stamp=None, at=now)
    return Stranger(other, key, prepared)
