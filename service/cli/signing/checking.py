"""What a signer can check by themselves: that they sign what they are shown, and nothing else."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from asn1crypto import cms

from service.client.told import PartTold
from service.domain.errors import Rejected
from signing import digests
from signing.certificates import Certificate

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
GAP = re.compile(rb"<0*>")
ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2", "signing_time"}


class NotWhatIsShown(Rejected):
    """The service asks to sign something else than what it shows; nothing is signed."""

    code = "not-what-is-shown"
    title = "Служба просит подписать не то, что показывает"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an item, as the service told of it."""

    file: str
    content: str
    to_sign: bytes
    document_digest: bytes
    digest_algorithm: str

    @classmethod
    def read(cls, told: PartTold) -> Part:
        """Return a part, or raise NotWhatIsShown if what was told makes no sense."""
        try:
            return cls(
                file=told.file,
                content=told.content,
                to_sign=base64.b64decode(told.to_sign, validate=True),
                document_digest=base64.b64decode(told.document_digest, validate=True),
                digest_algorithm=told.digest_algorithm,
            )
        except binascii.Error:
            raise NotWhatIsShown("Сведения о подписываемом файле не разобрать.") from None


def require_sound(part: Part, certificate: Certificate, digest_algorithm: str) -> None:
    """Pass if `to_sign` binds the digest told and our certificate, and says nothing besides.

    Whoever signs blindly could be made to sign a contract: so the attributes are read first.
    """
    try:
        attributes = cms.CMSAttributes.load(part.to_sign, strict=True)
        held = {one["type"].native: one["values"] for one in attributes}
        digest = held["message_digest"][0].native
        kind = held["content_type"][0].native
        bound = held["signing_certificate_v2"][0]["certs"][0]
        bound_hash = bound["cert_hash"].native
        bound_by = bound["hash_algorithm"]["algorithm"].native
        known = len(held) == len(attributes) and held.keys() <= ATTRIBUTES
    except (ValueError, TypeError, KeyError, IndexError):
        raise NotWhatIsShown(f"{part.file}: подписываемые атрибуты не разобрать.") from None
    if part.digest_algorithm != digest_algorithm:
        raise NotWhatIsShown(f"{part.file}: хэш не того алгоритма, которым подписывает ваш ключ.")
    if not known or kind != "data" or digest != part.document_digest:
        raise NotWhatIsShown(f"{part.file}: в подписываемых атрибутах не тот хэш документа.")
    if bound_hash != digests.digest(bound_by, certificate.dump()):
        raise NotWhatIsShown(f"{part.file}: в подписываемых атрибутах чужой сертификат.")


def require_same(part: Part, body: bytes) -> None:
    """Pass if the digest to be signed is that of a downloaded file, or raise NotWhatIsShown."""
    if part.document_digest not in _digests(part, body):
        raise NotWhatIsShown(
            f"{part.file}: хэш скачанного файла не совпадает с тем, который предложено подписать."
        )


def _digests(part: Part, body: bytes) -> list[bytes]:
    if not part.file.endswith(".pdf"):
        return [digests.digest(part.digest_algorithm, body)]
    return [_around(body, found, part.digest_algorithm) for found in _gaps(body)]


def _gaps(body: bytes) -> list[tuple[int, int]]:
    """Return the empty rooms that byte ranges over the whole file leave for a signature."""
    found = []
    for start, length, again, rest in (map(int, one.groups()) for one in RANGE.finditer(body)):
        whole = start == 0 and length <= again and again + rest == len(body)
        if whole and GAP.fullmatch(body, length, again):
            found.append((length, again))
    return found


def _around(body: bytes, gap: tuple[int, int], algorithm: str) -> bytes:
    digest = digests.new(algorithm)
    digest.update(memoryview(body)[: gap[0]])
    digest.update(memoryview(body)[gap[1] :])
    return digest.digest()
