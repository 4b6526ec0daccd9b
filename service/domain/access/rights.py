"""Who may do what: duties of people and systems, and the one table of their rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from service.domain.errors import Fault


class Duty(StrEnum):
    """What somebody is at a school; three of them are also roles that sign."""

    SYSTEM = "system"  # the electronic journal
    SECRETARY = "secretary"
    TEACHER = "class-teacher"
    DEPUTY = "deputy"
    SEAL = "seal"  # puts the organisation's seal
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


SIGNING = frozenset({Duty.DEPUTY, Duty.SEAL, Duty.DIRECTOR})
REGIONAL = frozenset({Duty.ADMINISTRATOR, Duty.AUDITOR})  # they neither order nor sign
REGION = "*"  # in place of a school: every one


class Right(StrEnum):
    """What a route asks for; where a role signs, whose turn it is decides besides."""

    PUBLIC = "public"  # no token is asked for
    SELF = "self"  # what concerns only whoever asks; no scope takes it away
    READ = "read"  # documents, orders and what is known of them
    SUBMIT = "submit"  # snapshots of the journal
    ORDER = "order"  # documents, runs; call them off, take them up again
    REJECT = "reject"  # send a document back
    PACK = "pack"  # take signed documents out as packages
    OPEN = "open"  # a signing session for whoever signs
    SIGN = "sign"
    AUDIT = "audit"  # read the audit log
    CONFIGURE = "configure"  # settings of the school, its calendar, webhooks
    ADMIT = "admit"  # tokens and accounts


RIGHTS: Mapping[Right, frozenset[Duty]] = MappingProxyType(
    {
        Right.SELF: frozenset(Duty),
        Right.READ: frozenset(Duty),
        Right.SUBMIT: frozenset({Duty.SYSTEM}),
        Right.ORDER: frozenset({Duty.SYSTEM, Duty.SECRETARY, Duty.DEPUTY}),
        Right.REJECT: SIGNING,
        Right.PACK: SIGNING | {Duty.SECRETARY},
        Right.OPEN: SIGNING | {Duty.SECRETARY},
        Right.SIGN: SIGNING,
        Right.AUDIT: frozenset({Duty.AUDITOR, Duty.ADMINISTRATOR, Duty.DIRECTOR}),
        Right.CONFIGURE: frozenset({Duty.ADMINISTRATOR}),
        Right.ADMIT: frozenset({Duty.ADMINISTRATOR}),
    }
)


def holders(right: Right) -> frozenset[Duty]:
    """Return the duties that give a right."""
    return frozenset() if right is Right.PUBLIC else RIGHTS[right]


def rights_of(duties: frozenset[Duty]) -> frozenset[Right]:
    """Return all that some duties give."""
    return frozenset(right for right, given in RIGHTS.items() if given & duties)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody gets: where, as what, and what narrows it."""

    school: str  # or REGION
    duties: frozenset[Duty]
    scopes: frozenset[Right] | None = None  # none: whatever the duties give
    classes: frozenset[str] = frozenset()  # whose things a class teacher sees
    until: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What the duties give and the scopes leave."""
        given = rights_of(self.duties)
        return given if self.scopes is None else given & (self.scopes | {Right.SELF})

    def covers(self, school: str) -> bool:
        """Whether a school is within reach."""
        return self.school in {REGION, school}

    @property
    def seen(self) -> frozenset[str] | None:
        """The classes whose things are (of a mere class teacher), or None: all."""
        return self.classes if self.duties == {Duty.TEACHER} else None

    def sees(self, class_id: str) -> bool:
        """Whether a class's things are."""
        return self.seen is None or class_id in self.seen

    def fault(self) -> Fault | None:
        """Return what contradicts itself in this reach, with its place in a request."""
        if self.school == REGION and not self.duties <= REGIONAL:
            allowed = ", ".join(sorted(REGIONAL))
            return Fault("/duties", "not-regional", f"Для всех школ возможны только: {allowed}.")
        if (Duty.TEACHER in self.duties) != bool(self.classes):
            message = "Классному руководителю (class-teacher), и только ему, нужен список classes."
            return Fault("/classes", "classes-of-a-teacher", message)
        if self.scopes is not None and not self.scopes <= rights_of(self.duties) - {Right.SELF}:
            allowed = ", ".join(sorted(rights_of(self.duties) - {Right.SELF}))
            return Fault("/scopes", "beyond-duties", f"Эти обязанности дают только: {allowed}.")
        return None

    def fault_in_giving(self, wanted: Reach) -> Fault | None:
        """Return why whoever has this reach cannot give another, or None.

        Duties may be given that the giver does not have: that is what administrators are for.
        Whoever was narrowed gives nothing wider: neither in rights nor in time.
        """
        if (fault := wanted.fault()) is not None:
            return fault
        if not self.covers(wanted.school):
            return Fault("/school", "beyond-own-reach", "Эта школа вам не подчинена.")
        if self.scopes is not None and not wanted.rights <= self.rights:
            allowed = ", ".join(sorted(self.rights - {Right.SELF}))
            return Fault("/scopes", "beyond-own-reach", f"Ваш токен сам ограничен: {allowed}.")
        if self.until is not None and (wanted.until is None or wanted.until > self.until):
            message = f"Ваш доступ сам кончается {self.until.isoformat()}: дольше дать нельзя."
            return Fault("/expires_at", "beyond-own-reach", message)
        return None
