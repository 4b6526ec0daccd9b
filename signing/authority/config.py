"""The authority described in certomancer's terms: who exists, what is issued, what is served."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from signing.authority.people import Condition, Person

ARCHITECTURE = "school"
NAME = "Тестовый удостоверяющий центр vedomost"
ROOT, ISSUING, RESPONDER, TIMESTAMPING = "root", "issuing", "ocsp", "tsa"
OWN_KEYS = (ROOT, ISSUING, RESPONDER, TIMESTAMPING)

BEFORE = timedelta(days=5 * 365)  # since when the authority itself has its certificates
YEARS = 20  # how long it has them, unless told otherwise
VALIDITY = {  # of a signer's certificate, around the moment it is issued for
    Condition.GOOD: (timedelta(days=-30), timedelta(days=425)),
    Condition.REVOKED: (timedelta(days=-30), timedelta(days=425)),
    Condition.EXPIRED: (timedelta(days=-460), timedelta(days=-5)),
    Condition.NOT_YET_VALID: (timedelta(days=30), timedelta(days=485)),
}
REVOKED_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides what certificates there are; the same plan gives the same certificates."""

    founded: datetime
    issued: datetime
    url: str
    people: tuple[Person, ...]
    years: int = YEARS  # its own certificates last since it was founded
    name: str = NAME


def configuration(plan: Plan) -> dict[str, Any]:
    """Return certomancer's configuration for `plan` (YAML and JSON alike)."""
    lasting = {
        "valid-from": _moment(plan.founded - BEFORE),
        "valid-to": _moment(plan.founded + timedelta(days=365 * plan.years)),
    }
    labels = (*OWN_KEYS, *(person.label for person in plan.people))
    return {
        "external-url-prefix": plan.url,
        "keysets": {
            ARCHITECTURE: {
                "path-prefix": "keys",
                "keys": {label: {"path": f"{label}.pem"} for label in labels},
            }
        },
        "pki-architectures": {
            ARCHITECTURE: {
                "keyset": ARCHITECTURE,
                "entity-defaults": {"country-name": "RU"},
                "entities": _entities(plan),
                "certs": {**_own_certificates(plan, lasting), **_signers(plan)},
                "services": _services(),
            }
        },
    }


def _entities(plan: Plan) -> dict[str, Mapping[str, str]]:
    own = {
        ROOT: {"common-name": f"{plan.name}, корневой"},
        ISSUING: {"common-name": plan.name},
        RESPONDER: {"common-name": f"{plan.name}, служба OCSP"},
        TIMESTAMPING: {"common-name": f"{plan.name}, служба меток времени"},
    }
    return {**own, **{person.label: _subject(person) for person in plan.people}}


def _subject(person: Person) -> Mapping[str, str]:
    """Return the parts of a name, as Russian authorities write them."""
    parts = {
        "common-name": person.full_name,
        "surname": person.surname,
        "given-name": person.given_names,
        "organization-name": person.organisation,
        "inn" if person.surname else "innle": person.inn,
        "snils": person.snils,
    }
    return {part: said for part, said in parts.items() if said}


def _own_certificates(plan: Plan, lasting: Mapping[str, str]) -> dict[str, Any]:
    # Authorities of one name must differ in their numbers: X.509 knows certificates by both.
    founded = f"{plan.founded:%Y-%m-%d} {plan.url}"
    return {
        ROOT: {
            "issuer": ROOT,
            "serial": _serial(f"{ROOT} {founded}"),
            "validity": lasting,
            "profiles": [{"id": "simple-ca", "params": {"crl-repo": ROOT}}],
        },
        ISSUING: {
            "issuer": ROOT,
            "serial": _serial(f"{ISSUING} {founded}"),
            "validity": lasting,
            "profiles": [{"id": "simple-ca", "params": {"max-path-len": 0, "crl-repo": ROOT}}],
        },
        RESPONDER: {
            "issuer": ISSUING,
            "serial": _serial(f"{RESPONDER} {founded}"),
            "validity": lasting,
            "profiles": ["ocsp-responder"],
        },
        TIMESTAMPING: {
            "issuer": ISSUING,
            "serial": _serial(f"{TIMESTAMPING} {founded}"),
            "validity": lasting,
            "extensions": [
                _extension("key_usage", "key-usage", ["digital_signature"], critical=True),
                {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
                *_revocation_pointers(),
            ],
        },
    }


def _signers(plan: Plan) -> dict[str, Any]:
    return {person.label: _signer(person, plan.issued) for person in plan.people}


def _signer(person: Person, issued: datetime) -> dict[str, Any]:
    begins, ends = VALIDITY[person.condition]
    certificate: dict[str, Any] = {
        "issuer": ISSUING,
        "serial": _serial(f"{person.label} {issued:%Y-%m-%d}"),
        "validity": {"valid-from": _moment(issued + begins), "valid-to": _moment(issued + ends)},
        "profiles": ["digsig-commitment"],
        "extensions": _revocation_pointers(),
    }
    if person.condition is Condition.REVOKED:
        certificate["revocation"] = {
            "revoked-since": _moment(issued - REVOKED_FOR),
            "reason": "key_compromise",
        }
    return certificate


def _revocation_pointers() -> list[dict[str, Any]]:
    return [
        _extension("authority_information_access", "aia-urls", {"ocsp-responder-names": [ISSUING]}),
        _extension("crl_distribution_points", "crl-dist-url", {"crl-repo-names": [ISSUING]}),
    ]


def _extension(kind: str, schema: str, params: object, *, critical: bool = False) -> dict[str, Any]:
    return {
        "id": kind,
        "critical": critical,
        "smart-value": {"schema": schema, "params": params},
    }


def _services() -> dict[str, Any]:
    return {
        "ocsp": {
            ISSUING: {
                "for-issuer": ISSUING,
                "responder-cert": RESPONDER,
                "signing-key": RESPONDER,
            }
        },
        "crl-repo": {
            ROOT: {
                "for-issuer": ROOT,
                "signing-key": ROOT,
                "simulated-update-schedule": "P90D",
            },
            ISSUING: {
                "for-issuer": ISSUING,
                "signing-key": ISSUING,
                "simulated-update-schedule": "P30D",
            },
        },
        "time-stamping": {
            TIMESTAMPING: {
                "signing-key": TIMESTAMPING,
                "signing-cert": TIMESTAMPING,
                "certs-to-embed": [ISSUING],
            }
        },
    }


def _moment(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _serial(name: str) -> int:
    """Return a long number as real authorities give, the same for the same name."""
    return int.from_bytes(b"\x02" + hashlib.sha256(name.encode()).digest()[:15], "big")
