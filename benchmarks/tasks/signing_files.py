"""Signatures with a visible mark put on a register, and what pyHanko alone makes of the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.stamp import TextStampStyle

from benchmarks.harness.places import FONTS, WORK
from benchmarks.harness.task import Watch
from signing import cms
from signing.answers import Container, RawValue
from signing.authority import Authority, KeyKind, Person
from signing.keys import Pkcs12Key
from signing.lettering import Typeface
from signing.session import TimestampSource, embed, prepare, sign
from signing.stamp import Stamp
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.verify import verify

FIELD = "deputy"
PASSPHRASE = "measured"
PEOPLE = tuple(
    Person(kind.value, "Громова", "Ольга Ивановна", "МАОУ «СОШ № 1»", kind) for kind in KeyKind
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a signature takes; the authority answers while the desk stands."""

    authority: Authority
    trust: Trust
    stamp: Stamp
    at: datetime

    def key(self, kind: str) -> Pkcs12Key:
        """Return the key of a kind."""
        return Pkcs12Key.open(self.authority.pkcs12(kind, PASSPHRASE), PASSPHRASE)


@contextmanager
def desk() -> Iterator[Desk]:
    """Open a desk with an authority that answers over HTTP in a process of its own."""
    at = datetime.now(UTC).replace(microsecond=0)
    authority = Authority.create(WORK / "authority", PEOPLE, around=at)
    regular, bold = (
        Typeface((FONTS / f"PTSans-{cut}.ttf").read_bytes()) for cut in ("Regular", "Bold")
    )
    with authority.serve(at=at):
        stamp = Stamp(regular, bold, ZoneInfo("Asia/Yekaterinburg"))
        yield Desk(authority, authority.trust(), stamp, at)


def ours(watch: Watch, source: str, kind: str, times: int, timed: bool) -> dict[str, Any]:
    """Prepare, sign and seal; who is asked about revocation is asked once a minute."""
    pdf = Path(source).read_bytes()
    with desk() as made:
        key = made.key(kind)
        clock: TimestampSource | None = None
        if timed:
            clock = Timestamper([made.authority.timestamp_url])

        def once() -> bytes:
            return sign(
                pdf,
                FIELD,
                key,
                stamp=made.stamp,
                timestamper=clock,
                trust=made.trust,
                at=made.at,
            )

        return _timed(watch, once, times)


def plain(watch: Watch, source: str, kind: str, times: int) -> dict[str, Any]:
    """Sign with pyHanko's SimpleSigner and text stamp as its manual shows."""
    pdf = Path(source).read_bytes()
    with desk() as made:
        signer = SimpleSigner.load_pkcs12_data(
            made.authority.pkcs12(kind, PASSPHRASE), [], PASSPHRASE.encode()
        )
        font = GlyphAccumulatorFactory(str(FONTS / "PTSans-Regular.ttf"))
        style = TextStampStyle(
            stamp_text="ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ\n%(signer)s\n%(ts)s",
            text_box_style=TextBoxStyle(font=font),
        )
        metadata = PdfSignatureMetadata(
            field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
        )

        def once() -> bytes:
            writer = IncrementalPdfFileWriter(BytesIO(pdf))
            signed = PdfSigner(metadata, signer, stamp_style=style).sign_pdf(writer)
            return bytes(signed.getbuffer())

        return _timed(watch, once, times)


def _timed(watch: Watch, once: Callable[[], bytes], times: int) -> dict[str, Any]:
    signed = once()
    with watch.running():
        for _ in range(times):
            once()
    return {"signatures": times, "bytes": len(signed)}


def prepared(watch: Watch, source: str, kind: str, times: int) -> dict[str, Any]:
    """Prepare the file for a key that is elsewhere: the first half of deferred signing."""
    pdf = Path(source).read_bytes()
    with desk() as made:
        certificate, chain = made.key(kind).certificate, made.key(kind).chain

        def once() -> bytes:
            return prepare(pdf, FIELD, certificate, chain, stamp=made.stamp, at=made.at).pdf

        return _timed(watch, once, times)


def embedded(watch: Watch, source: str, kind: str, times: int, whole: bool) -> dict[str, Any]:
    """Check and embed what came back, a raw value or a whole CMS: the second half, no network.

    Whether the certificate is revoked was asked a moment ago and is not asked again; no timestamp
    is added. Preparing and the key's own work are not counted.
    """
    pdf = Path(source).read_bytes()
    with desk() as made:
        key = made.key(kind)
        ready = prepare(pdf, FIELD, key.certificate, key.chain, stamp=made.stamp, at=made.at)
        value = key.sign(ready.to_sign)
        answer: RawValue | Container = RawValue(value)
        if whole:
            named = cms.identifiers(key.algorithm)
            signer = cms.signer_info(ready.to_sign, value, key.certificate, named)
            answer = Container(cms.container(signer, [key.certificate, *key.chain]))

        def once() -> bytes:
            return embed(
                ready.pdf, ready.state, answer, timestamper=None, trust=made.trust, at=made.at
            )

        return _timed(watch, once, times)


def verified(watch: Watch, source: str, kind: str, times: int) -> dict[str, Any]:
    """Judge a file with one signature and its timestamp, all it needs inside (B-LT)."""
    pdf = Path(source).read_bytes()
    with desk() as made:
        signed = sign(
            pdf,
            FIELD,
            made.key(kind),
            stamp=made.stamp,
            timestamper=Timestamper([made.authority.timestamp_url]),
            trust=made.trust,
            at=made.at,
        )

        def once() -> bytes:
            (report,) = verify(signed, made.trust, made.at)
            if not report.valid:
                raise RuntimeError(report.reason)
            return signed

        return _timed(watch, once, times)


def many(watch: Watch, source: str, few: int, times: int) -> dict[str, Any]:
    """Sign over and over with both kinds of key; tell the peak of memory early and at the end."""
    pdf = Path(source).read_bytes()
    with desk() as made:
        keys = [made.key(kind.value) for kind in KeyKind]
        early = 0.0
        with watch.running():
            for number in range(times):
                sign(
                    pdf,
                    FIELD,
                    keys[number % len(keys)],
                    stamp=made.stamp,
                    timestamper=None,
                    trust=made.trust,
                    at=made.at,
                )
                if number == few:
                    early = own_peak()
        return {"signatures": times, "early": early, "late": own_peak()}


def own_peak() -> float:
    """Return the MiB this process took at most so far, its children left out."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024
