"""A power of attorney comes with a signature: it is read, checked and kept, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.domain.approving.approval import ROLE_NAMES, Role
from service.domain.approving.attorney import (
    Attorney,
    AttorneyNeedless,
    AttorneyNumberWrong,
    AttorneyRequired,
    AttorneySignatureWrong,
    AttorneyUnreadable,
    Finding,
    Holder,
    findings,
    guid,
    term,
)
from service.domain.approving.attorney_xml import read
from service.ledger.files import Files
from service.ledger.signing.attorneys import Power
from service.workflow.schools import Schools
from signing import certificates
from signing.certificates import Certificate
from signing.detached import digest_of
from signing.errors import SigningRefused
from signing.reports import SignatureReport
from signing.trust import Trust
from signing.verify import verify_detached

LARGEST_SIGNATURE = 1 << 18  # bytes of a detached signature with its chain and timestamps


@dataclass(frozen=True, slots=True)
class Sent:
    """A power of attorney as a signer sends it: its file, or its number in the register alone.

    `until` is taken at the signer's word where there is no file. `signature` is the detached
    signature of `xml` (CMS, DER or PEM).
    """

    number: str = ""
    until: date | None = None
    xml: bytes = b""
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Attorneys:
    """Takes powers of attorney in; some schools want one of their deputies."""

    files: Files
    schools: Schools
    trust: Trust

    def __call__(
        self,
        sent: Sent | None,
        school: str,
        role: Role,
        certificate: Certificate,
        timezone: str,
        at: datetime,
    ) -> Power | None:
        """Return what stands behind signatures of a role made with a certificate, files kept.

        Call it when signing begins; with the signature in, note it by `ledger.attorneys.add`. The
        mark shows `number`. None: nothing was sent and nothing is wanted. Raises AttorneyRequired,
        AttorneyNeedless, AttorneyUnreadable, AttorneyNumberWrong, AttorneyOutOfTerm,
        AttorneyOfAnother, AttorneySignatureWrong.
        """
        if sent is None:
            if role is Role.DEPUTY and self.schools(school).attorney_required:
                raise AttorneyRequired(
                    f"Школа принимает подпись, если {ROLE_NAMES[role]} подписывает по доверенности "
                    "(МЧД). Приложите её файл с подписью или укажите номер."
                )
            return None
        if certificates.of_organisation(certificate):
            raise AttorneyNeedless("У печати организации доверенности нет: уберите её из запроса.")
        attorney = _said(sent)
        owner = certificates.owner(certificate)
        signer = Holder(owner, certificates.inn(certificate), certificates.snils(certificate))
        today = at.astimezone(ZoneInfo(timezone)).date()
        found = (*findings(attorney, signer, today), *self._signature(attorney, sent, at))
        return Power(
            number=attorney.number,
            issued=attorney.issued,
            until=attorney.until,
            xml=self.files.keep(sent.xml) if sent.xml else "",
            signature=self.files.keep(sent.signature) if sent.signature else "",
            findings=found,
            zone=timezone,
        )

    def _signature(self, attorney: Attorney, sent: Sent, at: datetime) -> tuple[Finding, ...]:
        """Judge the principal's signature of the file; one that does not hold is refused."""
        if len(sent.signature) > LARGEST_SIGNATURE:
            raise AttorneyUnreadable(
                f"Подпись доверенности больше {LARGEST_SIGNATURE >> 10} КБ: это другой файл."
            )
        if not sent.signature:
            said = "не проверена: подпись доверенности не приложена"
            return (Finding("signature", None, said),)
        try:
            reports = verify_detached(sent.signature, digest_of(sent.xml), self.trust, at)
        except SigningRefused as error:
            raise AttorneySignatureWrong(f"Подпись доверенности не читается. {error}") from None
        wrong = next((one for one in reports if one.valid is False), None)
        if wrong is not None or not reports:
            why = wrong.reason if wrong else "В файле нет ни одной подписи."
            raise AttorneySignatureWrong(f"Подпись доверенности не подтверждена. {why}")
        unknown = next((one for one in reports if one.valid is None), None)
        if unknown is not None:
            return (Finding("signature", None, f"подпись не проверена: {unknown.reason}"),)
        return (Finding("signature", True, "подпись доверенности верна"), _by(attorney, reports))


def require_in_term(power: Power, at: datetime) -> None:
    """Pass unless its term has ended since it was checked, or raise AttorneyOutOfTerm."""
    term(power.issued, power.until, at.astimezone(ZoneInfo(power.zone)).date())


def _said(sent: Sent) -> Attorney:
    if not sent.xml:
        if sent.signature:
            raise AttorneyUnreadable("Приложена подпись доверенности, а самой доверенности нет.")
        return Attorney(number=guid(sent.number), until=sent.until)
    attorney = read(sent.xml)
    if sent.number and guid(sent.number) != attorney.number:
        raise AttorneyNumberWrong("Номер доверенности в запросе не тот, что в её файле.")
    return attorney


def _by(attorney: Attorney, reports: Iterable[SignatureReport]) -> Finding:
    """Say whether the principal signed it, by the numbers in the certificates of its signers."""
    given = {number for one in attorney.principals for number in (one.inn, one.ogrn) if number}
    held = set()
    for report in reports:
        for der in report.raw.certificates:
            certificate = certificates.load(der)
            if report.signer and certificates.serial(certificate) == report.signer.serial:
                held |= {
                    certificates.inn(certificate),
                    certificates.organisation_inn(certificate),
                    certificates.ogrn(certificate),
                }
    held.discard("")
    if given & held:
        return Finding("principal", True, "её подписал доверитель: совпали ИНН или ОГРН")
    if given and held:
        raise AttorneySignatureWrong(
            "Доверенность подписал не доверитель: в его сертификате другие ИНН и ОГРН."
        )
    return Finding("principal", None, "кто подписал, не сверено: в сертификате нет ИНН и ОГРН")
