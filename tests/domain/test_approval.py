"""Whose turn it is to sign."""

import pytest

from service.domain.approval import (
    AlreadySigned,
    NotOnRoute,
    OutOfTurn,
    Role,
    next_role,
    require_turn,
)
from service.domain.errors import Conflict

ROUTE = (Role.DEPUTY, Role.DIRECTOR)


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
