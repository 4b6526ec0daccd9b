"""Packages as they are signed: the manifest, by everybody on the route in turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.approving.approval import Role, require_turn
from service.ledger import audit, documents
from service.ledger.database import Database
from service.ledger.documents import Overtaken
from service.ledger.signing import attorneys, detached, packages, sessions
from service.ledger.signing.packages import MANIFEST, Package, PackageMissing
from service.ledger.signing.sessions import Item, Part, Session
from service.workflow.signing.desk import Answers, Matter, hash_of
from service.workflow.signing.detached import Beside
from service.workflow.signing.signatory import Signer


@dataclass(frozen=True, slots=True)
class PackageDesk:
    """The desk of packages; a refusal changes nothing."""

    database: Database
    beside: Beside

    def look(self, name: str, school: str, role: Role) -> Matter:
        """Return a package whose turn it is, or raise why it is not."""
        with self.database.reading() as connection:
            found = packages.get(connection, name)
            if found.school != school:
                raise PackageMissing(f"Пакета {name} нет: проверьте адрес.")
            timezone = documents.get(connection, found.documents[0]).timezone
        require_turn(found.route, [one.role for one in found.signatures], role)
        return Matter(found.id, _generation(found), timezone)

    def prepare(
        self,
        matter: Matter,
        role: Role,  # noqa: ARG002 - a manifest is the same whoever signs it
        signer: Signer,
        at: datetime,
    ) -> tuple[Part, ...]:
        """Return what is to be signed of the manifest."""
        with self.database.reading() as connection:
            found = packages.get(connection, matter.id)
        return (self.beside.prepare(MANIFEST, found.manifest, signer, at),)

    def take(
        self,
        session: Session,
        item: Item,
        parts: tuple[Part, ...],
        answers: Answers,
        by: str,
        at: datetime,
    ) -> None:
        """Add the signature to the `.p7s` of the manifest."""
        with self.database.reading() as connection:
            found = packages.get(connection, item.id)
        if _generation(found) != item.generation:
            raise Overtaken("Пока шло подписание, опись пакета подписали: начните заново.")
        (part,) = parts
        before = found.signatures[-1] if found.signatures else None
        answer = answers[part.file]
        made = self.beside.taken(session, item, part, found.manifest, before, answer, at)
        details = {
            "session": session.id,
            "role": session.role,
            "certificate": made.certificate,
            "level": made.level,
            "generation": item.generation,
        }
        power = Signer.of(session).power
        with self.database.writing() as connection:
            sessions.sign(connection, item, hash_of(answers))
            detached.add(connection, made, before.p7s if before else None)
            if power is not None:
                attorneys.add(connection, item.id, session.role, power, at)
            event = audit.Event(at, found.school, found.id, by, "sign", details)
            audit.append(connection, event)


def _generation(package: Package) -> int:
    """Count the turns of a package: each signature is one."""
    return len(package.signatures) + 1
