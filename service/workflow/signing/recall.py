"""Originals that the archive holds and a ledger from a backup does not know are taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.archive.store import Copy, ObjectExists, ObjectMissing, ObjectStore
from service.domain.approving.approval import Role
from service.ledger import audit, copies, documents
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.files import Files, sha256
from service.ledger.road import SERVICE, Road
from service.ledger.signing import attorneys, detached, signings
from service.ledger.signing.detached import Detached
from service.ledger.signing.signings import Signature
from service.workflow.keeping.deposit import DOCX, DOCX_P7S, MANIFEST, PDF, kept_copy, key_of
from service.workflow.keeping.fingerprint import fingerprint
from service.workflow.signing.signatory import NotSignatory, Signatories, Signer
from signing import certificates
from signing import detached as beside
from signing.certificates import Certificate
from signing.errors import SigningError
from signing.reports import SignatureReport
from signing.verify import verify, verify_detached

LEFT = frozenset({State.REJECTED, State.CANCELLED, State.ARCHIVED, State.RENDERING})


@dataclass(frozen=True, slots=True)
class Recalled:
    """An original as the archive holds it: files and their copies by name, signatures by role."""

    bodies: Mapping[str, bytes]
    copies: Mapping[str, Copy]
    signed: Mapping[Role, tuple[SignatureReport, Certificate]]


@dataclass(frozen=True, slots=True)
class RecallSigned:
    """Takes documents on that were signed and archived after the backup their ledger comes from.

    What is in a store stays as it is; signatures given anew are told in the log, and no more.
    """

    database: Database
    files: Files
    store: ObjectStore
    road: Road
    signatories: Signatories

    def __call__(self, document: str, at: datetime) -> bool:
        """Take a document on with the original the archive holds; False if it holds no other.

        Its people must be those who sign for the school, each signature must hold, and the
        manifest, if it got there, must name what lies beside it. Raises ObjectExists if the
        original is not like that, whatever a silent store raises, Overtaken.
        """
        with self.database.reading() as connection:
            found = documents.get(connection, document)
        printing = found.state is State.FAILED and found.failed_in is State.RENDERING
        if found.state in LEFT or printing or not found.route:
            return False
        held = self._held(found)
        if PDF not in held or sha256(held[PDF][0]) == found.pdf:
            return False
        self._write(found, self._judged(found, held, at), at)
        return True

    def _held(self, document: Document) -> dict[str, tuple[bytes, Copy]]:
        held = {}
        for name in (PDF, DOCX, DOCX_P7S, MANIFEST):
            try:
                copy = self.store.stat(key_of(document, name))
                held[name] = (self.store.get(copy.key), copy)
            except ObjectMissing:
                continue
        return held

    def _judged(
        self, document: Document, held: Mapping[str, tuple[bytes, Copy]], at: datetime
    ) -> Recalled:
        bodies = {name: body for name, (body, _) in held.items()}
        if MANIFEST in bodies:
            self._require_told(document, bodies)
        try:
            reports = verify(bodies[PDF], self.signatories.trust, at)
        except SigningError as error:
            raise _unfit(document, str(error)) from None
        bad = next((one for one in reports if one.valid is not True), None)
        roles = [one.field for one in reports]
        if bad is not None or sorted(roles) != sorted(document.route):
            why = bad.reason if bad else "подписан не теми, кем должен быть"
            raise _unfit(document, why)
        signed = {Role(one.field): (one, _certificate(one)) for one in reports}
        for role, (_, certificate) in signed.items():
            try:
                self.signatories.require(document.school, role, Signer(certificate, ()))
            except NotSignatory as error:
                raise _unfit(document, str(error)) from None
        return Recalled(bodies, {name: copy for name, (_, copy) in held.items()}, signed)

    def _require_told(self, document: Document, bodies: Mapping[str, bytes]) -> None:
        """Pass if the manifest names these files and those the ledger would put beside them."""
        with self.database.reading() as connection:
            powers = attorneys.of_subject(connection, document.id)
        beside_them = attorneys.bodies(self.files, powers)
        lying = {name: body for name, body in bodies.items() if name != MANIFEST} | beside_them
        told = json.loads(bodies[MANIFEST])["sha256"]
        if told != {name: sha256(body) for name, body in lying.items()}:
            raise _unfit(document, "рядом с ним лежат файлы, которых нет в базе данных")

    def _write(self, document: Document, original: Recalled, at: datetime) -> None:
        pdf = self.files.keep(original.bodies[PDF])
        docx = document.docx
        if DOCX in original.bodies:
            docx = self.files.keep(original.bodies[DOCX])
        given = [
            Signature(
                document=document.id,
                role=role,
                generation=document.generation + number,
                signer=certificates.owner(certificate),
                certificate=sha256(certificate.dump()),
                level=report.level,
                valid=True,
                signed_at=report.signed_at or at,
                pdf=pdf,
            )
            for number, (role, (report, certificate)) in enumerate(original.signed.items())
        ]
        below = self._below(document, original, docx, at)
        with self.database.writing() as connection:
            signings.replace_all(connection, document.id, given)
            detached.replace_all(connection, document.id, DOCX, below)
            for kept in self._copies(document, original, at):
                copies.put(connection, kept)
            details = {"pdf": pdf, "instead": document.pdf, "generation": document.generation}
            event = audit.Event(at, document.school, document.id, SERVICE, "recall", details)
            audit.append(connection, event)
            when = {one.role: one.signed_at for one in given}
            self.road.onward(
                connection, document, when, at, pdf=pdf, docx=docx, failed_in=None, problem=None
            )

    def _below(
        self, document: Document, original: Recalled, docx: str | None, at: datetime
    ) -> list[Detached]:
        """Return who signed the DOCX, as its `.p7s` tells."""
        if DOCX_P7S not in original.bodies or docx is None:
            return []
        p7s = original.bodies[DOCX_P7S]
        content = beside.digest_of(self.files.read(docx))
        reports = verify_detached(p7s, content, self.signatories.trust, at)
        roles = {certificate.sha256: role for role, (_, certificate) in original.signed.items()}
        signers = [(one, _certificate(one)) for one in reports if one.valid is True]
        if sorted(roles) != sorted(certificate.sha256 for _, certificate in signers):
            raise _unfit(document, "его DOCX подписан иначе")
        name = self.files.keep(p7s)
        return [
            Detached(
                subject=document.id,
                file=DOCX,
                role=roles[certificate.sha256],
                content=docx,
                p7s=name,
                signer=certificates.owner(certificate),
                certificate=sha256(certificate.dump()),
                level=report.level,
                signed_at=report.signed_at or at,
            )
            for report, certificate in signers
        ]

    def _copies(self, document: Document, original: Recalled, at: datetime) -> list[Kept]:
        return [
            kept_copy(document, name, one, fingerprint(original.bodies[name]), at)
            for name, copy in original.copies.items()
            for one in copy.each()
        ]


def _certificate(report: SignatureReport) -> Certificate:
    """Return whose certificate a signature that holds was made with."""
    assert report.signer is not None
    held = map(certificates.load, report.raw.certificates)
    serial = report.signer.serial
    return next(one for one in held if certificates.serial(one) == serial)


def _unfit(document: Document, why: str) -> ObjectExists:
    return ObjectExists(
        f"В архиве уже лежит другой подлинник этого документа: {key_of(document, PDF)}. "
        f"Взять его в базу данных нельзя: {why}"
    )
