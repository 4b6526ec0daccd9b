"""Which passwords will do, and which are guessed first."""

from __future__ import annotations

import pytest

from service.domain.access.passwords import weakness

OWN = ("gromova", "sosh18")
NAMES = ("Громова", "Ольга", "Ивановна")

GOOD = (
    "верный конь батарея скрепка",
    "correct horse battery staple",
    "другой длинный пароль",
    "Зелёный чайник едет в Тверь",
    "fyvapRolt83-tundra",
    "x7$Kq2!vMz0@Wp",
    "wet-fjord-lilac-84",
    "синийкит18летел",
)
WEAK = (
    ("password-short", "k3$Vq9!zRw2"),
    ("password-own", "мой вход gromova на каждый день"),
    ("password-own", "SOSH18 и батарея и скрепка"),
    *(
        ("password-guessable", one)
        for one in (
            "aaaaaaaaaaaaaaaa",
            "абабабабабабаб",
            "Kx9#Kx9#Kx9#Kx9#",
            "123456789012",
            "qwertyuiop[]",
            "Qwerty123456!",
            "йцукенгшщзхъ",
            "фывапролджэ1",
            "абвгдежзиклмн",
            "password1234",
            "P@ssw0rd2026!",
            "Пароль2026!!",
            "gfhjkm123456",  # «пароль» with the Latin layout on
            "зфыыцщкв1234",
            "1qaz2wsx3edc",
            "Школа-Школа-2026",
            "директоршколы",
            "Громова01091975",
            "ОльгаИвановна1",
            "01.09.2026 года",
            "1234 qwer 1234",
            "люблюмамуипапу",
            "солнышко7777777",
            "zxcvbnmzxcvbnm",
            "987654321987654321",
        )
    ),
)


@pytest.mark.parametrize("password", GOOD)
def test_what_will_do(password: str) -> None:
    assert weakness(password, OWN, NAMES) is None


@pytest.mark.parametrize(("code", "password"), WEAK)
def test_what_is_guessed_first(code: str, password: str) -> None:
    found = weakness(password, OWN, NAMES)
    assert found is not None
    assert found[0] == code
