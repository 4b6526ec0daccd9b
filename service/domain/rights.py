"""Who may do what: duties of people and systems, and the one table of their rights."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


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
REGIONAL = frozenset({Duty.ADMINISTRATOR, Duty.AUDITOR})  # may be had at every school at once
REGION = "*"  # in place of a school: every one


class Right(StrEnum):
    """What a route asks for; where a role signs, whose turn it is decides besides."""

    PUBLIC = "public"  # no token is asked for
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
