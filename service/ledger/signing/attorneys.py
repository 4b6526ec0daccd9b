"""Powers of attorney (МЧД) that stand behind signatures, with what was checked of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from service.domain.approving.approval import Role
from service.domain.approving.attorney import Finding
from service.ledger import rows
from service.ledger.files import Files
from service.ledger.tables import attorneys

XML, SIGNATURE = "attorney.xml", "attorney.xml.sig"

_OF_SUBJECTS = (
    select(attorneys)
    .where(attorneys.c.subject.in_(bindparam("names", expanding=True)))
    .order_by(attorneys.c.noted_at, attorneys.c.role)
)


@dataclass(frozen=True, slots=True)
class Power:
    """A power of attorney that was held against a signer; `xml` and `signature` name files."""

    number: str
    issued: date | None
    until: date | None
    xml: str  # empty: the number alone was given
    signature: str
    findings: tuple[Finding, ...]
    zone: str = "UTC"  # the school's, while it signs: the last day ends there

    def dumped(self) -> str:
        """Return it as JSON, for a session to keep until its answer comes."""
        return json.dumps(asdict(self), default=date.isoformat)

    @classmethod
    def loaded(cls, dumped: str) -> Power:
        """Return what `dumped` wrote."""
        held = json.loads(dumped)
        days = {name: held[name] and date.fromisoformat(held[name]) for name in ("issued", "until")}
        return replace(_power(held | days), zone=held["zone"])


@dataclass(frozen=True, slots=True)
class Noted:
    """A power of attorney behind the signature of a role."""

    role: Role
    power: Power


def add(connection: Connection, subject: str, role: Role, power: Power, at: datetime) -> None:
    """Note what stands behind a role's signature of a document or package, once it is there."""
    row = asdict(power) | {"subject": subject, "role": role, "noted_at": at}
    del row["zone"]
    rows.put(connection, attorneys, row)


def of_subject(connection: Connection, subject: str) -> tuple[Noted, ...]:
    """Return every power of attorney behind the signatures of a document or package."""
    return tuple(of_subjects(connection, [subject])[subject])


def of_subjects(connection: Connection, names: Collection[str]) -> dict[str, list[Noted]]:
    """Return the powers of attorney behind signatures of some documents or packages, by them."""
    found: dict[str, list[Noted]] = {name: [] for name in names}
    for row in connection.execute(_OF_SUBJECTS, {"names": list(names)}):
        found[row.subject].append(Noted(Role(row.role), _power(dict(row._mapping))))
    return found


def bodies(files: Files, noted: tuple[Noted, ...]) -> dict[str, bytes]:
    """Return what is kept beside a document: «attorney.xml», «attorney.xml.sig», …

    A second file of other content becomes «attorney-2.xml»; one given by number alone has none.
    """
    found: dict[str, bytes] = {}
    powers = {one.power.xml: one.power for one in noted if one.power.xml}
    for count, power in enumerate(powers.values(), 1):
        place = "attorney" if count == 1 else f"attorney-{count}"
        found[XML.replace("attorney", place, 1)] = files.read(power.xml)
        if power.signature:
            found[SIGNATURE.replace("attorney", place, 1)] = files.read(power.signature)
    return found


def _power(held: dict[str, Any]) -> Power:
    values = {name: held[name] for name in ("number", "issued", "until", "xml", "signature")}
    return Power(**values, findings=tuple(Finding(**one) for one in held["findings"]))
