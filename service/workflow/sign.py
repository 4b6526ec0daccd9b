"""The next signatory signs: the file is prepared here, signed where the key is, sealed here."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.approval import ROLE_NAMES, Role, require_turn
from service.domain.errors import Conflict
from service.ledger import audit, documents, signings
from service.ledger.database import Database
from service.ledger.documents import Document, Overtaken
from service.ledger.files import Files, sha256
from service.ledger.road import Road
from service.ledger.signings import Signature, Signing, SigningClosed
from signing import certificates
from signing.algorithms import algorithm_of
from signing.certificates import Certificate
from signing.errors import SignatureBroken
from signing.reports import SignatureReport
from signing.session import TimestampSource, embed, prepare
from signing.stamp import Stamp
from signing.trust import Trust
from signing.verify import verify


class NotReady(Conflict):
    """The document does not wait for a signature: it is not printed yet, or was sent back."""

    code = "not-awaiting-signature"
    title = "Документ сейчас не подписывают"


class Superseded(Conflict):
    """A newer version of the document takes its place."""

    code = "superseded"
    title = "Документ заменён"


class NotSignatory(Conflict):
    """The certificate belongs to nobody who may sign for the school in this role."""

    code = "not-a-signatory"
    title = "Этот сертификат не принадлежит подписанту школы"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who may sign in a role: by certificate if one is pinned, by the owner's name if none is."""

    role: Role
    name: str
    certificate: str | None

    def owns(self, certificate: Certificate) -> bool:
        """Say whether a certificate is this person's."""
        if self.certificate is not None:
            return self.certificate == _hash(certificate)
        return _plain(self.name) == _plain(certificates.owner(certificate))


@dataclass(frozen=True, slots=True)
class Sign:
    """Prepares files for signatures and takes the signatures in; a refusal changes nothing."""

    database: Database
    files: Files
    signatories: Mapping[str, tuple[Signatory, ...]]
    stamp: Callable[[str], Stamp]  # of a time zone
    trust: Trust
    timestamper: TimestampSource | None
    session: timedelta
    road: Road

    def prepare(
        self, document: str, role: Role, sent: Iterable[bytes], by: str, at: datetime
    ) -> Signing:
        """Open a session: the file with the mark of the signer, and the bytes to be signed.

        `sent` holds certificates in DER, the signer's first.
        """
        with self.database.reading() as connection:
            found = documents.get(connection, document)
            signed = signings.of_document(connection, document)
            newer = documents.successor(connection, found)
        require_turn(found.route, [one.role for one in signed], role)
        if found.turn is not role or found.pdf is None:
            raise NotReady(f"Документ в состоянии «{found.state}»: подпись сейчас не нужна.")
        _require_current(newer)
        certificate, *chain = [certificates.load(one) for one in sent]
        self._require_signatory(found, role, certificate)
        made = prepare(
            self.files.read(found.pdf),
            role,
            certificate,
            chain,
            stamp=self.stamp(found.timezone),
            at=at,
        )
        self.trust.check(certificate, chain, at)
        signing = Signing(
            id=secrets.token_hex(16),
            document=found.id,
            generation=found.generation,
            role=role,
            signer=certificates.owner(certificate),
            certificate=_hash(certificate),
            prepared=self.files.keep(made.pdf),
            to_sign=made.to_sign,
            state=made.state,
            digest_algorithm=algorithm_of(certificate).digest,
            opened_at=at,
            expires_at=at + self.session,
        )
        with self.database.writing() as connection:
            self._require_unmoved(documents.get(connection, document), signing)
            _require_current(documents.successor(connection, found))
            signings.open_session(connection, signing)
            audit.append(connection, _opened(found, signing, by))
        return signing

    def embed(self, session: str, value: bytes, by: str, at: datetime) -> Document:
        """Put a signature into the file its session prepared; the same value again is fine."""
        with self.database.reading() as connection:
            signing = signings.session(connection, session)
            found = documents.get(connection, signing.document)
            newer = documents.successor(connection, found)
        if signing.value is not None:
            if signing.value == sha256(value):
                return found
            raise SigningClosed("Этот сеанс подписания уже завершён другой подписью.")
        if at > signing.expires_at:
            raise SigningClosed("Время сеанса подписания вышло: начните подписание заново.")
        self._require_unmoved(found, signing)
        _require_current(newer)
        pdf = embed(
            self.files.read(signing.prepared),
            signing.state,
            value,
            timestamper=self.timestamper,
            trust=self.trust,
            at=at,
        )
        report = self._report(pdf, signing.role, at)
        name = self.files.keep(pdf)
        signature = Signature(
            document=found.id,
            role=signing.role,
            generation=found.generation,
            signer=signing.signer,
            certificate=signing.certificate,
            level=report.level,
            valid=True,
            signed_at=report.signed_at or at,
            pdf=name,
        )
        with self.database.writing() as connection:
            _require_current(documents.successor(connection, found))
            signings.close_session(connection, signing, sha256(value))
            signings.add(connection, signature)
            signed = {one.role: one.signed_at for one in signings.of_document(connection, found.id)}
            return self.road.onward(connection, found, signed, at, by, pdf=name)

    def _require_signatory(self, document: Document, role: Role, certificate: Certificate) -> None:
        known = self.signatories.get(document.school, ())
        if not any(one.role is role and one.owns(certificate) for one in known):
            raise NotSignatory(
                f"Владелец сертификата {certificates.serial(certificate)} не записан в настройках "
                f"школы как {ROLE_NAMES[role]}. Возьмите другой сертификат или исправьте настройки."
            )

    @staticmethod
    def _require_unmoved(document: Document, signing: Signing) -> None:
        if document.generation != signing.generation:
            raise Overtaken(
                "Пока шло подписание, документ перешёл в другое состояние. "
                "Обновите сведения о документе и начните заново."
            )

    def _report(self, pdf: bytes, role: Role, at: datetime) -> SignatureReport:
        """Return what a stranger would find of the new signature, and that all of them hold."""
        reports = verify(pdf, self.trust, at)
        bad = next((one for one in reports if one.valid is not True), None)
        if bad is not None:
            raise SignatureBroken(
                f"После подписания проверка файла не прошла, подпись не сохранена. {bad.reason}"
            )
        return next(one for one in reports if one.field == role)


def _require_current(newer: Document | None) -> None:
    if newer is not None:
        raise Superseded(
            f"Заказана версия {newer.version} этого документа, подписывают её: {newer.id}."
        )


def _opened(document: Document, signing: Signing, by: str) -> audit.Event:
    details = {"role": signing.role, "certificate": signing.certificate}
    return audit.Event(
        signing.opened_at, document.school, document.id, by, "open-signature", details
    )


def _hash(certificate: Certificate) -> str:
    return sha256(certificate.dump())


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold().replace("ё", "е")
