"""Whom an address stands for at the door for strangers."""

from __future__ import annotations

import pytest

from service.web.door import Door, key_of
from service.web.problems import TooMany


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_stands_for(address: str, key: str) -> None:
    assert key_of(address) == key


def test_a_network_shares_its_minute_and_then_it_is_over() -> None:
    door = Door(most=2)
    door.enter("2001:db8::1", 0.0)
    door.enter("2001:db8::2", 1.0)
    with pytest.raises(TooMany):
        door.enter("2001:db8::3", 59.0)
    door.enter("2001:db8:0:1::1", 59.0)
    door.enter("2001:db8::3", 60.5)
