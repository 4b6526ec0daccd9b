"""Who signs: people named in the settings, and the certificate somebody announces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from service.documents.school_settings import Signatory
from service.domain.approving.approval import ROLE_NAMES, Role
from service.domain.errors import Conflict
from service.domain.wording.names import compared
from service.ledger.files import sha256
from service.ledger.signing.attorneys import Power
from service.ledger.signing.sessions import Session
from service.workflow.schools import Schools
from signing import certificates
from signing.certificates import Certificate
from signing.suitability import Purpose, require_current, require_usage
from signing.trust import Trust


class NotSignatory(Conflict):
    """The certificate belongs to nobody who may sign for the school in this role."""

    code = "not-a-signatory"
    title = "Этот сертификат не принадлежит подписанту школы"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whoever announced a certificate, and the power of attorney behind it, if there is one."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    power: Power | None = None

    @classmethod
    def announced(cls, sent: Iterable[bytes]) -> Signer:
        """Return the owner of certificates in DER, the signer's first."""
        certificate, *chain = [certificates.load(one) for one in sent]
        return cls(certificate, tuple(chain))

    @classmethod
    def of(cls, session: Session) -> Signer:
        """Return who joined a session."""
        power = Power.loaded(session.attorney) if session.attorney else None
        return replace(cls.announced(session.certificates), power=power)

    @property
    def name(self) -> str:
        """The owner of the certificate."""
        return certificates.owner(self.certificate)

    @property
    def hash(self) -> str:
        """SHA-256 of the certificate."""
        return sha256(self.certificate.dump())

    @property
    def sent(self) -> tuple[bytes, ...]:
        """The certificates in DER, the signer's first."""
        return tuple(one.dump() for one in (self.certificate, *self.chain))

    def signed_into(self, session: Session) -> Session:
        """Return a session that this person has joined."""
        power = self.power.dumped() if self.power else None
        return replace(session, signer=self.name, certificates=self.sent, attorney=power)


@dataclass(frozen=True, slots=True)
class Signatories:
    """The people who may sign for each school now, and whom to ask about their certificates."""

    schools: Schools
    trust: Trust

    def require(self, school: str, role: Role, signer: Signer) -> None:
        """Pass if somebody signs for a school in a role, or raise NotSignatory."""
        named = self.schools(school).signatories
        if any(one.role is role and owns(one, signer.certificate) for one in named):
            return
        if role is Role.SEAL:
            raise NotSignatory(
                "Печать ставят сертификатом организации, который записан в настройках школы. "
                f"Сертификат {certificates.serial(signer.certificate)} не такой: возьмите другой "
                "или исправьте настройки."
            )
        raise NotSignatory(
            f"Владелец сертификата {certificates.serial(signer.certificate)} не записан в "
            f"настройках школы как {ROLE_NAMES[role]}. Возьмите другой сертификат или "
            "исправьте настройки."
        )

    def require_good(self, signer: Signer, at: datetime) -> None:
        """Pass if a certificate is good for signing now; raises whatever `Trust.check` raises."""
        require_usage(signer.certificate, Purpose.SIGNING)
        require_current(signer.certificate, at)
        self.trust.check(signer.certificate, signer.chain, at)


def owns(named: Signatory, certificate: Certificate) -> bool:
    """Say whether a certificate is somebody's: by itself if one is pinned, by the owner's name.

    A seal is put with the organisation's certificate, which names no person, and only if pinned.
    """
    pinned = named.certificate_sha256
    if named.role is Role.SEAL and not certificates.of_organisation(certificate):
        return False
    if pinned is not None or named.role is Role.SEAL:
        return pinned == sha256(certificate.dump())
    return compared(named.name) == compared(certificates.owner(certificate))
