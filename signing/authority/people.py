"""Whom the test authority certifies, and how well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KeyKind(StrEnum):
    """What kind of key a certificate is for."""

    RSA = "rsa"  # 2048 bits
    EC = "ec"  # P-256


class Condition(StrEnum):
    """What is the matter with a certificate at the moment it was ordered for."""

    GOOD = "good"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a signing certificate; `label` names the certificate's files.

    Without surname and given names it is the organisation itself: its certificate is for a seal.
    `inn` is then the organisation's.
    """

    label: str
    surname: str
    given_names: str
    organisation: str
    key: KeyKind = KeyKind.EC
    condition: Condition = Condition.GOOD
    inn: str = ""
    snils: str = ""

    @property
    def full_name(self) -> str:
        """Surname, then given names; the organisation's name if it is no person."""
        return f"{self.surname} {self.given_names}".strip() or self.organisation


def organisation(label: str, name: str, *, inn: str = "") -> Person:
    """Return an organisation with a certificate of its own, for a seal."""
    return Person(label, "", "", name, inn=inn)
