"""What an X.509 certificate says: whose it is, for how long, for what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from asn1crypto import core, pem, x509

from signing.errors import CertificateUnreadable
from signing.gost import identifiers

identifiers.register()  # asn1crypto names only what it knew when it first looked

Certificate: TypeAlias = x509.Certificate

TEST_MARK = "тестов"
SIGNING_USAGES = frozenset({"digital_signature", "non_repudiation"})
CERTIFICATE_FILES = frozenset({".pem", ".crt", ".cer", ".der"})
PERSON_INN, PERSON_SNILS = "1.2.643.3.131.1.1", "1.2.643.100.3"
ORGANISATION_INN, OGRN = "1.2.643.100.4", "1.2.643.100.1"
OLD_ORGANISATION_INN = "00"  # 12 digits that begin so: ten of an organisation, as before 2022


def load(data: bytes) -> Certificate:
    """Return the one certificate in `data` (DER or PEM), or raise CertificateUnreadable."""
    found = load_all(data)
    if len(found) != 1:
        raise CertificateUnreadable(
            f"Ожидался один сертификат, а найдено: {len(found)}. Передайте сертификаты по одному."
        )
    return found[0]


def load_all(data: bytes) -> tuple[Certificate, ...]:
    """Return every certificate in `data`: one DER, or a PEM bundle."""
    try:
        blocks = (
            [der for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]
            if pem.detect(data)
            else [data]
        )
        return tuple(_parsed(block) for block in blocks)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise CertificateUnreadable(
            "Это не сертификат X.509. Передайте сертификат в кодировке DER или PEM."
        ) from error


def load_folder(folder: Path) -> tuple[Certificate, ...]:
    """Return every certificate in the files of `folder`, by file name.

    Raises CertificateUnreadable with the name of a file that holds none.
    """
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in CERTIFICATE_FILES)
    return tuple(certificate for file in files for certificate in _of_file(file))


def _of_file(file: Path) -> tuple[Certificate, ...]:
    try:
        return load_all(file.read_bytes())
    except CertificateUnreadable as error:
        raise CertificateUnreadable(f"Файл {file.name}: {error}") from error


def serial(certificate: Certificate) -> str:
    """Return the serial number in upper case HEX, whole bytes."""
    digits = f"{certificate.serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


def owner(certificate: Certificate) -> str:
    """Return «Фамилия Имя Отчество» from SN and GN, or the common name if they are absent."""
    subject = certificate.subject
    person = [_attribute(subject, "surname"), _attribute(subject, "given_name")]
    if all(person):
        return " ".join(person)
    return (
        _attribute(subject, "common_name")
        or _attribute(subject, "organization_name")
        or str(subject.human_friendly)
    )


def organisation(certificate: Certificate) -> str:
    """Return the organisation's name, from O or else CN."""
    subject = certificate.subject
    return _attribute(subject, "organization_name") or _attribute(subject, "common_name")


def of_organisation(certificate: Certificate) -> bool:
    """Return whether it belongs to an organisation and names no person: neither SN nor GN."""
    subject = certificate.subject
    person = (_attribute(subject, "surname"), _attribute(subject, "given_name"))
    return bool(_attribute(subject, "organization_name")) and not any(person)


def inn(certificate: Certificate) -> str:
    """Return the ИНН of the person who owns it, digits only; empty if it says none."""
    digits = _digits(certificate, PERSON_INN)
    return "" if digits.startswith(OLD_ORGANISATION_INN) else digits


def snils(certificate: Certificate) -> str:
    """Return the СНИЛС of the person who owns it, digits only; empty if it says none."""
    return _digits(certificate, PERSON_SNILS)


def organisation_inn(certificate: Certificate) -> str:
    """Return the ИНН of the organisation it names, ten digits; empty if it says none."""
    older = _digits(certificate, PERSON_INN)
    old = older.removeprefix(OLD_ORGANISATION_INN)
    return _digits(certificate, ORGANISATION_INN) or (old if old != older else "")


def ogrn(certificate: Certificate) -> str:
    """Return the ОГРН of the organisation it names, digits only; empty if it says none."""
    return _digits(certificate, OGRN)


def issuer(certificate: Certificate) -> str:
    """Return the name of the authority that issued the certificate."""
    name = certificate.issuer
    return (
        _attribute(name, "common_name")
        or _attribute(name, "organization_name")
        or str(name.human_friendly)
    )


def valid_from(certificate: Certificate) -> datetime:
    """Return the first moment of the certificate."""
    moment: datetime = certificate.not_valid_before
    return moment


def valid_until(certificate: Certificate) -> datetime:
    """Return the last moment of the certificate."""
    moment: datetime = certificate.not_valid_after
    return moment


def for_signing(certificate: Certificate) -> bool:
    """Return whether a document may be signed with it: an end certificate, usage not forbidding."""
    usage = certificate.key_usage_value
    return not certificate.ca and (usage is None or bool(SIGNING_USAGES & set(usage.native)))


def for_timestamping(certificate: Certificate) -> bool:
    """Return whether a timestamp authority may use it."""
    usage = certificate.extended_key_usage_value
    return usage is not None and "time_stamping" in usage.native


def is_test(certificate: Certificate) -> bool:
    """Return whether its issuer calls itself a test authority."""
    return TEST_MARK in issuer(certificate).casefold()


def is_root(certificate: Certificate) -> bool:
    """Return whether it names itself as its own issuer."""
    return bool(certificate.subject == certificate.issuer)


def issuers_of(certificate: Certificate, among: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Return the issuers of `certificate` found `among`, nearest first, roots left out."""
    pool = [candidate for candidate in among if not is_root(candidate)]
    chain: list[Certificate] = []
    current = certificate
    while found := next((c for c in pool if _issued(c, current) and c not in chain), None):
        chain.append(found)
        current = found
    return tuple(chain)


def _issued(issuer: Certificate, certificate: Certificate) -> bool:
    """Tell by name, and by key where both name it: authorities change keys under one name."""
    keys = issuer.key_identifier, certificate.authority_key_identifier
    return bool(issuer.subject == certificate.issuer) and (None in keys or keys[0] == keys[1])


def _attribute(name: x509.Name, kind: str) -> str:
    value = name.native.get(kind, "")
    return " ".join((value if isinstance(value, str) else " ".join(value)).split())


def _digits(certificate: Certificate, oid: str) -> str:
    """Return the digits of a subject attribute, whatever string type holds it, known or not."""
    for group in certificate.subject.chosen:
        for pair in group:
            if pair["type"].dotted == oid:
                try:
                    value = core.load(pair["value"].dump()).native
                except (ValueError, TypeError):
                    return ""
                return "".join(sign for sign in str(value) if sign in "0123456789")
    return ""


def _parsed(der: bytes) -> Certificate:
    certificate = Certificate.load(der, strict=True)
    body = certificate["tbs_certificate"]
    for part in ("serial_number", "issuer", "subject", "validity", "extensions"):
        _ = body[part].native
    _ = certificate.public_key.algorithm
    return certificate
