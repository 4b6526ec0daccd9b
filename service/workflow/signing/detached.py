"""Files signed beside themselves: the DOCX of a document, the manifest of a package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.ledger.files import Files
from service.ledger.signing.detached import Detached
from service.ledger.signing.sessions import Item, Part, Session
from service.workflow.signing.signatory import Signer
from signing import certificates, detached
from signing.algorithms import algorithm_of
from signing.answers import Answer
from signing.errors import SignatureBroken
from signing.reports import SignatureReport
from signing.timing import TimestampSource
from signing.trust import Trust
from signing.verify import verify_detached


@dataclass(frozen=True, slots=True)
class Beside:
    """Prepares detached signatures and checks them; the files themselves never change."""

    files: Files
    trust: Trust
    timestamper: TimestampSource | None

    def prepare(self, file: str, content: str, signer: Signer, at: datetime) -> Part:
        """Return what is to be signed of a working file named `content`."""
        body = detached.digest_of(self.files.read(content))
        made = detached.prepare(body, signer.certificate, signer.chain, at=at)
        algorithm = algorithm_of(signer.certificate)
        return Part(
            file=file,
            prepared=None,
            to_sign=made.to_sign,
            document_digest=made.document_digest,
            digest_algorithm=algorithm.digest,
            signature_algorithm=algorithm.signature,
            state=made.state,
        )

    def taken(
        self,
        session: Session,
        item: Item,
        part: Part,
        content: str,
        before: Detached | None,
        answer: Answer,
        at: datetime,
    ) -> Detached:
        """Return the signature of a file that was checked, its `.p7s` kept, not written down yet.

        `before` is the newest signature of the file: its `.p7s` grows by this one.
        """
        p7s = detached.embed(
            part.state,
            answer,
            existing=self.files.read(before.p7s) if before else None,
            timestamper=self.timestamper,
            trust=self.trust,
            at=at,
        )
        signer = Signer.of(session)
        report = self._report(p7s, content, signer, at)
        return Detached(
            subject=item.id,
            file=part.file,
            role=session.role,
            content=content,
            p7s=self.files.keep(p7s),
            signer=signer.name,
            certificate=signer.hash,
            level=report.level,
            signed_at=report.signed_at or at,
        )

    def _report(self, p7s: bytes, content: str, signer: Signer, at: datetime) -> SignatureReport:
        """Return what a stranger would find of the new signature, and that all of them hold."""
        body = detached.digest_of(self.files.read(content))
        reports = verify_detached(p7s, body, self.trust, at)
        bad = next((one for one in reports if one.valid is not True), None)
        if bad is not None:
            raise SignatureBroken(
                f"После подписания проверка не прошла, подпись не сохранена. {bad.reason}"
            )
        number = certificates.serial(signer.certificate)
        return next(one for one in reports if one.signer and one.signer.serial == number)
