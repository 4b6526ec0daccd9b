"""What certificates of Russian authorities say of people and organisations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing import certificates
from signing.authority import Authority, Person, organisation
from signing.certificates import Certificate

INN, SNILS = "667108612345", "11223344595"


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def issued(key):
    """`issued(dotted=value, …)`: a certificate with further parts of a name."""

    def certificate(parts: dict[str, str], kind: _ASN1Type) -> Certificate:
        known = [
            x509.NameAttribute(NameOID.SURNAME, "Громова"),
            x509.NameAttribute(NameOID.GIVEN_NAME, "Ольга Ивановна"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "МБОУ СОШ № 18"),
        ]
        more = [
            x509.NameAttribute(ObjectIdentifier(oid), value, kind) for oid, value in parts.items()
        ]
        name = x509.Name([*known, *more])
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), 77)
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
            .sign(key, hashes.SHA256())
        )
        return certificates.load(made.public_bytes(serialization.Encoding.DER))

    return certificate


@pytest.mark.parametrize(
    "kind", [_ASN1Type.NumericString, _ASN1Type.PrintableString, _ASN1Type.UTF8String]
)
def test_numbers_of_a_person_in_any_string_type(issued, kind):
    made = issued(
        {
            "1.2.643.3.131.1.1": INN,
            "1.2.643.100.3": SNILS,
            "1.2.643.100.4": "6671086123",
            "1.2.643.100.1": "1026605390001",
        },
        kind,
    )
    assert certificates.owner(made) == "Громова Ольга Ивановна"
    assert (certificates.inn(made), certificates.snils(made)) == (INN, SNILS)
    assert (certificates.organisation_inn(made), certificates.ogrn(made)) == (
        "6671086123",
        "1026605390001",
    )


def test_an_older_certificate_keeps_the_number_of_the_organisation_in_the_persons(issued):
    made = issued({"1.2.643.3.131.1.1": "006671086123"}, _ASN1Type.NumericString)
    assert (certificates.inn(made), certificates.organisation_inn(made)) == ("", "6671086123")


def test_numbers_that_are_not_there_are_empty(issued):
    made = issued({}, _ASN1Type.UTF8String)
    numbers = (certificates.inn, certificates.snils, certificates.organisation_inn)
    assert [one(made) for one in (*numbers, certificates.ogrn)] == ["", "", "", ""]


def test_an_organisation_is_told_from_its_people(tmp_path, now):
    people = (
        Person("deputy", "Громова", "Ольга Ивановна", "МБОУ СОШ № 18", inn=INN, snils=SNILS),
        organisation("seal", "МБОУ СОШ № 18", inn="6671086123"),
    )
    authority = Authority.create(tmp_path, people, around=now)
    deputy, seal = authority.certificate("deputy"), authority.certificate("seal")
    assert not certificates.of_organisation(deputy)
    assert certificates.of_organisation(seal)
    assert certificates.organisation(seal) == certificates.organisation(deputy) == "МБОУ СОШ № 18"
    assert (certificates.inn(deputy), certificates.snils(deputy)) == (INN, SNILS)
    assert certificates.organisation_inn(seal) == "6671086123"
    assert Authority.create(tmp_path, people, around=now).plan == authority.plan
