"""Whom we believe: roots, the road to them, and whether anybody on it is revoked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers import Fetchers
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend
from pyhanko_certvalidator.registry import CertificateRegistry

from signing import certificates
from signing.certificates import Certificate
from signing.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateUntrusted,
    RevocationUnknown,
    SigningError,
)
from signing.gost.validator import VALIDATOR
from signing.suitability import Purpose, require_current, require_usage
from signing.validation_data import Evidence

FRESH = timedelta(minutes=1)  # how long an answer about one certificate serves the next document


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered over HTTP about a certificate, and why it is not good, if it is not."""

    evidence: Evidence
    refusal: SigningError | None = None


@dataclass(frozen=True)
class Trust:
    """Trusted roots and how to ask whether a certificate is revoked. Share the instance.

    Revocation is asked over HTTP at the addresses named by certificates that already lead to a
    trusted root; nothing an untrusted file names is ever contacted.
    """

    anchors: tuple[Certificate, ...]
    intermediates: tuple[Certificate, ...] = ()
    timeout: float = 10.0
    _recent: dict[tuple[bytes, Purpose], tuple[datetime, Evidence]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Keep the libraries from logging owners of certificates: names are personal data."""
        for library in ("pyhanko", "pyhanko_certvalidator"):
            logging.getLogger(library).setLevel(logging.CRITICAL)

    @classmethod
    def folder(cls, folder: Path, timeout: float = 10.0) -> Trust:
        """Trust the self-signed certificates in `folder`; the others there help to reach them."""
        found = certificates.load_folder(folder)
        return cls(
            anchors=tuple(c for c in found if certificates.is_root(c)),
            intermediates=tuple(c for c in found if not certificates.is_root(c)),
            timeout=timeout,
        )

    def check(
        self,
        certificate: Certificate,
        chain: Iterable[Certificate],
        at: datetime,
        purpose: Purpose = Purpose.SIGNING,
    ) -> Evidence:
        """Return the evidence, asked for over HTTP, that `certificate` is good at `at`.

        Raises CertificateExpired, CertificateNotYetValid, CertificateRevoked,
        CertificateUntrusted, WrongKeyUsage, or RevocationUnknown if nobody answers.
        """
        asked = self.ask(certificate, chain, at, purpose)
        if asked.refusal is not None:
            raise asked.refusal
        return asked.evidence

    def ask(
        self,
        certificate: Certificate,
        chain: Iterable[Certificate],
        at: datetime,
        purpose: Purpose = Purpose.SIGNING,
    ) -> Asked:
        """Like `check`, but a refusal is returned with whatever the neighbours answered."""
        key = (certificate.sha256, purpose)
        when, evidence = self._recent.get(key, (None, Evidence()))
        if when is not None and timedelta(0) <= at - when <= FRESH:
            return Asked(evidence)
        fetchers = RequestsFetcherBackend(self.timeout).get_fetchers()
        context = self._context(at, chain, Evidence(), fetchers)
        try:
            evidence = _established(certificate, context, purpose)
        except SigningError as error:
            return Asked(Evidence((), tuple(context.ocsps), tuple(context.crls)), error)
        self._recent[key] = (at, evidence)
        return Asked(evidence)

    def check_past(
        self,
        certificate: Certificate,
        moment: datetime,
        evidence: Evidence,
        purpose: Purpose = Purpose.SIGNING,
    ) -> Evidence:
        """Check that `certificate` was good at `moment` by `evidence` alone, asking nobody.

        Returns the way to the root, the root first, and what it was checked by. Raises like
        `check`; RevocationUnknown if the evidence is not enough.
        """
        context = self._context(moment, evidence.certificates, evidence)
        return _established(certificate, context, purpose)

    def _context(
        self,
        moment: datetime,
        chain: Iterable[Certificate],
        evidence: Evidence,
        fetchers: Fetchers | None = None,
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(self.anchors),
            certificate_registry=CertificateRegistry.build([*chain, *self.intermediates]),
            moment=moment,
            allow_fetching=fetchers is not None,
            fetchers=fetchers,
            ocsps=list(evidence.ocsps),
            crls=list(evidence.crls),
            signature_validator=VALIDATOR,
            revocation_mode="require",
            # An answer given after the signature speaks for the time of the signature too.
            retroactive_revinfo=True,
        )


def _established(
    certificate: Certificate, context: ValidationContext, purpose: Purpose
) -> Evidence:
    require_usage(certificate, purpose)
    require_current(certificate, context.moment)
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_path())
    except (ValidationError, PathError) as error:
        raise _refusal(error, certificate) from error
    return Evidence(
        tuple(path.iter_certs(include_root=True)), tuple(context.ocsps), tuple(context.crls)
    )


def _refusal(error: Exception, certificate: Certificate) -> SigningError:
    number = certificates.serial(certificate)
    whose = f"Сертификат удостоверяющего центра над сертификатом {number}"
    if isinstance(error, PathValidationError) and error.is_side_validation:
        return RevocationUnknown(
            f"Ответу об отзыве сертификата {number} нельзя верить: его подписал тот, кому "
            "удостоверяющий центр этого не поручал. Повторите позже."
        )
    if isinstance(error, ExpiredError):
        return CertificateExpired(
            f"{whose} истёк {error.expired_dt:%d.%m.%Y}. Получите новый сертификат.",
            error.expired_dt,
        )
    if isinstance(error, NotYetValidError):
        return CertificateNotYetValid(
            f"{whose} начнёт действовать {error.valid_from:%d.%m.%Y}. "
            "Дождитесь этого дня или возьмите другой сертификат.",
            error.valid_from,
        )
    if isinstance(error, RevokedError):
        subject = f"Сертификат {number}" if error.is_ee_cert else whose
        return CertificateRevoked(
            f"{subject} отозван {error.revocation_dt:%d.%m.%Y}. Подпишите другим сертификатом.",
            error.revocation_dt,
            error.reason.native,
        )
    if isinstance(error, InsufficientRevinfoError):
        return RevocationUnknown(
            f"Не удалось узнать, не отозван ли сертификат {number}: ни служба OCSP, ни список "
            "отзыва не дали годного ответа. Повторите позже."
        )
    return CertificateUntrusted(
        f"Сертификат {number} (издатель «{certificates.issuer(certificate)}») не ведёт "
        "к доверенному корневому сертификату. Выберите сертификат доверенного "
        "удостоверяющего центра или добавьте его корень в настройки."
    )
