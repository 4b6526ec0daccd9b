"""Who approves a document, and whose turn it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from service.domain.errors import Conflict


class Role(StrEnum):
    """What somebody is to a document."""

    CLASS_TEACHER = "class-teacher"
    DEPUTY = "deputy"
    SEAL = "seal"  # of the organisation, by whoever keeps it
    DIRECTOR = "director"
    SECRETARY = "secretary"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.CLASS_TEACHER: "классный руководитель",
        Role.DEPUTY: "заместитель директора",
        Role.SEAL: "печать организации",
        Role.DIRECTOR: "директор",
        Role.SECRETARY: "секретарь",
    }
)


ROUTE = (Role.DEPUTY, Role.SEAL, Role.DIRECTOR)
"""Who may sign, in order: the seal is the director's, and nothing follows the director's lock."""


class OutOfTurn(Conflict):
    """Somebody signs whose turn it is not."""

    code = "signature-out-of-turn"
    title = "Сейчас не ваша очередь подписывать"


class AlreadySigned(OutOfTurn):
    """The role has signed this document before."""

    code = "already-signed"
    title = "Подпись уже поставлена"


class NotOnRoute(OutOfTurn):
    """The document is not signed by this role at all."""

    code = "role-not-on-route"
    title = "Этот документ вы не подписываете"


def route_fault(route: tuple[Role, ...]) -> str | None:
    """Return what is wrong with a school's route of signatures, or None."""
    unknown = [role for role in route if role not in ROUTE]
    if unknown:
        return f"{unknown[0]} не подписывает документы; возможны deputy, seal и director"
    if route != tuple(role for role in ROUTE if role in route):
        return (
            "каждая роль один раз и по порядку: deputy, seal, director; после директора документ "
            "закрыт и печать поставить нельзя"
        )
    if Role.SEAL in route and Role.DIRECTOR not in route:
        return "печать (seal) заверяет подпись директора: без director её не ставят"
    return None


def next_role(route: tuple[Role, ...], signed: Collection[Role]) -> Role | None:
    """Return who signs next, or None when the route is complete."""
    return next((role for role in route if role not in signed), None)


def require_turn(route: tuple[Role, ...], signed: Collection[Role], role: Role) -> None:
    """Pass if `role` is the next of the route to sign, or raise OutOfTurn that says who is."""
    turn = next_role(route, signed)
    if role is turn:
        return
    next_step = _next_step(turn)
    if role not in route:
        order = " → ".join(ROLE_NAMES[stop] for stop in route)
        raise NotOnRoute(f"Документ подписывают: {order}. {next_step}")
    if role in signed:
        raise AlreadySigned(f"{_done(role)} {next_step}")
    if role is Role.SEAL:
        raise OutOfTurn(f"{next_step} До этого печать не ставят.")
    raise OutOfTurn(f"{next_step} До этого {ROLE_NAMES[role]} подписать документ не может.")


def _next_step(turn: Role | None) -> str:
    if turn is None:
        return "Все подписи уже поставлены."
    if turn is Role.SEAL:
        return "Следующей ставится печать организации."
    return f"Следующим подписывает {ROLE_NAMES[turn]}."


def _done(role: Role) -> str:
    if role is Role.SEAL:
        return "Печать организации уже поставлена."
    return f"{ROLE_NAMES[role].capitalize()} уже подписал документ."
