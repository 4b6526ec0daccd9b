"""Documents as they are signed: prepared with the mark, taken in when every answer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from service.domain.approving.approval import Role, require_turn
from service.domain.errors import Conflict
from service.ledger import audit, documents, versions
from service.ledger.database import Database
from service.ledger.documents import Document, DocumentMissing, Overtaken
from service.ledger.files import Files
from service.ledger.road import Road
from service.ledger.signing import attorneys, detached, sessions, signings
from service.ledger.signing.sessions import Item, Part, Session
from service.ledger.signing.signings import Signature
from service.workflow.keeping.deposit import DOCX, PDF
from service.workflow.schools import Schools
from service.workflow.signing.desk import Answers, Matter, hash_of
from service.workflow.signing.detached import Beside
from service.workflow.signing.signatory import Signer
from signing import session as pdf_session
from signing.algorithms import algorithm_of
from signing.errors import SignatureBroken
from signing.reports import SignatureReport
from signing.session import TimestampSource
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


@dataclass(frozen=True, slots=True)
class DocumentDesk:
    """The desk of documents; a refusal changes nothing."""

    database: Database
    files: Files
    stamp: Callable[[str], Stamp]  # of a time zone
    trust: Trust
    timestamper: TimestampSource | None
    road: Road
    beside: Beside
    schools: Schools

    def look(self, name: str, school: str, role: Role) -> Matter:
        """Return a document whose turn it is, or raise why it is not."""
        with self.database.reading() as connection:
            found = documents.get(connection, name)
            signed = signings.of_document(connection, name)
            newer = versions.successor(connection, found)
        if found.school != school:
            raise DocumentMissing(f"Документа {name} нет: проверьте адрес.")
        require_turn(found.route, [one.role for one in signed], role)
        if found.turn is not role or found.pdf is None:
            raise NotReady(f"Документ в состоянии «{found.state}»: подпись сейчас не нужна.")
        _require_current(newer)
        return Matter(found.id, found.generation, found.timezone)

    def prepare(self, matter: Matter, role: Role, signer: Signer, at: datetime) -> tuple[Part, ...]:
        """Put the mark of a signer on the PDF and return what is to be signed."""
        with self.database.reading() as connection:
            found = documents.get(connection, matter.id)
            with_docx = signs_docx(connection, self.schools, found)
        _require_unmoved(found, matter.generation)
        assert found.pdf is not None
        made = pdf_session.prepare(
            self.files.read(found.pdf),
            role,
            signer.certificate,
            signer.chain,
            stamp=self._mark(matter.timezone, role, signer),
            at=at,
        )
        algorithm = algorithm_of(signer.certificate)
        pdf = Part(
            file=PDF,
            prepared=self.files.keep(made.pdf),
            to_sign=made.to_sign,
            document_digest=made.document_digest,
            digest_algorithm=algorithm.digest,
            signature_algorithm=algorithm.signature,
            state=made.state,
        )
        if not with_docx or found.docx is None:
            return (pdf,)
        return (pdf, self.beside.prepare(DOCX, found.docx, signer, at))

    def take(
        self,
        session: Session,
        item: Item,
        parts: tuple[Part, ...],
        answers: Answers,
        by: str,
        at: datetime,
    ) -> None:
        """Put the signatures into the files and move the document on."""
        with self.database.reading() as connection:
            found = documents.get(connection, item.id)
            newer = versions.successor(connection, found)
            before = {one.file: detached.current(connection, found.id, one.file) for one in parts}
        _require_unmoved(found, item.generation)
        _require_current(newer)
        pdf, *others = parts
        signed, report = self._embedded(session, pdf, answers, at)
        beside = {
            one.file: self.beside.taken(
                session, item, one, _content(found, one), before[one.file], answers[one.file], at
            )
            for one in others
        }
        signer = Signer.of(session)
        signature = Signature(
            document=found.id,
            role=session.role,
            generation=found.generation,
            signer=signer.name,
            certificate=signer.hash,
            level=report.level,
            valid=True,
            signed_at=report.signed_at or at,
            pdf=self.files.keep(signed),
        )
        with self.database.writing() as connection:
            _require_unmoved(documents.get(connection, found.id), item.generation)
            _require_current(versions.successor(connection, found))
            sessions.sign(connection, item, hash_of(answers))
            for file, made in beside.items():
                onto = before[file]
                detached.add(connection, made, onto.p7s if onto else None)
            self._signed(connection, found, session, signer, signature, by, at)

    def _embedded(
        self, session: Session, part: Part, answers: Answers, at: datetime
    ) -> tuple[bytes, SignatureReport]:
        assert part.prepared is not None
        pdf = pdf_session.embed(
            self.files.read(part.prepared),
            part.state,
            answers[part.file],
            timestamper=self.timestamper,
            trust=self.trust,
            at=at,
        )
        return pdf, self._report(pdf, session.role, at)

    def _mark(self, timezone: str, role: Role, signer: Signer) -> Stamp:
        number = signer.power.number if signer.power else ""
        return replace(self.stamp(timezone), seal=role is Role.SEAL, attorney=number)

    def _signed(
        self,
        connection: Connection,
        document: Document,
        session: Session,
        signer: Signer,
        signature: Signature,
        by: str,
        at: datetime,
    ) -> None:
        """Write a signature down, what stands behind it, and whose turn is next."""
        signings.add(connection, signature)
        if signer.power is not None:
            attorneys.add(connection, document.id, session.role, signer.power, at)
        details = {
            "session": session.id,
            "role": session.role,
            "certificate": signature.certificate,
            "level": signature.level,
            "generation": document.generation,
        }
        event = audit.Event(at, document.school, document.id, by, "sign", details)
        audit.append(connection, event)
        given = signings.of_document(connection, document.id)
        signed = {one.role: one.signed_at for one in given}
        self.road.onward(connection, document, signed, at, by, pdf=signature.pdf)

    def _report(self, pdf: bytes, role: Role, at: datetime) -> SignatureReport:
        """Return what a stranger would find of the new signature, and that all of them hold."""
        reports = verify(pdf, self.trust, at)
        bad = next((one for one in reports if one.valid is not True), None)
        if bad is not None:
            raise SignatureBroken(
                f"После подписания проверка файла не прошла, подпись не сохранена. {bad.reason}"
            )
        return next(one for one in reports if one.field == role)


def signs_docx(connection: Connection, schools: Schools, document: Document) -> bool:
    """Say whether a document's DOCX is signed as well: as its first signer did it, all do."""
    if signings.of_document(connection, document.id):
        return detached.current(connection, document.id, DOCX) is not None
    return schools.within(connection, document.school).sign_docx


def _content(document: Document, part: Part) -> str:
    """Return the working file a detached signature is over."""
    assert part.file == DOCX
    assert document.docx is not None
    return document.docx


def _require_unmoved(document: Document, generation: int) -> None:
    if document.generation != generation:
        raise Overtaken(
            "Пока шло подписание, документ перешёл в другое состояние. "
            "Обновите сведения о документе и начните заново."
        )


def _require_current(newer: Document | None) -> None:
    if newer is not None:
        raise Superseded(
            f"Заказана версия {newer.version} этого документа, подписывают её: {newer.id}."
        )
