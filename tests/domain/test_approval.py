"""Whose turn it is to sign."""

import pytest

from service.domain.approving.approval import (
    AlreadySigned,
    NotOnRoute,
    OutOfTurn,
    Role,
    next_role,
    require_turn,
    route_fault,
)
from service.domain.errors import Conflict

ROUTE = (Role.DEPUTY, Role.DIRECTOR)
SEALED = (Role.DEPUTY, Role.SEAL, Role.DIRECTOR)


def test_the_route_in_order():
    require_turn(ROUTE, (), Role.DEPUTY)
    require_turn(ROUTE, {Role.DEPUTY}, Role.DIRECTOR)
    assert next_role(ROUTE, ()) is Role.DEPUTY
    assert next_role(ROUTE, ROUTE) is None


@pytest.mark.parametrize(
    ("signed", "role", "error", "says"),
    [
        ((), Role.DIRECTOR, OutOfTurn, "Следующим подписывает заместитель директора."),
        ((Role.DEPUTY,), Role.DEPUTY, AlreadySigned, "Следующим подписывает директор."),
        (ROUTE, Role.DIRECTOR, AlreadySigned, "Все подписи уже поставлены."),
        ((), Role.SECRETARY, NotOnRoute, "подписывают: заместитель директора → директор."),
    ],
)
def test_everybody_else_is_told_who_comes_next(signed, role, error, says):
    with pytest.raises(error, match=says.replace(".", r"\.")) as caught:
        require_turn(ROUTE, signed, role)
    assert type(caught.value) is error
    assert isinstance(caught.value, Conflict)


def test_the_seal_stands_before_the_director_and_never_after():
    assert next_role(SEALED, {Role.DEPUTY}) is Role.SEAL
    require_turn(SEALED, {Role.DEPUTY}, Role.SEAL)
    with pytest.raises(OutOfTurn, match=r"ставится печать организации\. До этого директор"):
        require_turn(SEALED, {Role.DEPUTY}, Role.DIRECTOR)
    with pytest.raises(OutOfTurn, match=r"заместитель директора\. До этого печать не ставят\."):
        require_turn(SEALED, (), Role.SEAL)
    with pytest.raises(AlreadySigned, match=r"Печать организации уже поставлена\. Следующим"):
        require_turn(SEALED, {Role.DEPUTY, Role.SEAL}, Role.SEAL)
    with pytest.raises(AlreadySigned, match="Все подписи уже поставлены"):
        require_turn(SEALED, SEALED, Role.SEAL)


@pytest.mark.parametrize(
    "route",
    [(), ROUTE, SEALED, (Role.SEAL, Role.DIRECTOR), (Role.DIRECTOR,), (Role.DEPUTY,)],
)
def test_a_route_keeps_the_order(route):
    assert route_fault(route) is None


@pytest.mark.parametrize(
    ("route", "says"),
    [
        ((Role.DEPUTY, Role.DIRECTOR, Role.SEAL), "после директора документ закрыт"),
        ((Role.SEAL, Role.DEPUTY, Role.DIRECTOR), "по порядку: deputy, seal, director"),
        ((Role.DIRECTOR, Role.DEPUTY), "по порядку"),
        ((Role.DEPUTY, Role.DEPUTY), "один раз"),
        ((Role.DEPUTY, Role.SEAL), "без director её не ставят"),
        ((Role.SECRETARY, Role.DIRECTOR), "secretary не подписывает"),
    ],
)
def test_other_routes_are_refused_with_the_reason(route, says):
    assert says in (route_fault(route) or "")
