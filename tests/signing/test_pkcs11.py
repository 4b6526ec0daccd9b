"""Keys on tokens: SoftHSM2 signs, and whatever may be wrong with a token is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pkcs11 as library
import pytest
from tokens import MODULE

from signing.certificates import serial
from signing.errors import KeyUnsupported
from signing.pkcs11 import (
    CertificateAmbiguous,
    CertificateMissing,
    PinLocked,
    PinWrong,
    Pkcs11Key,
    TokenBusy,
    TokenMissing,
    TokenModuleMissing,
)
from signing.pkcs11.driver import speaking
from signing.session import sign
from signing.verify import verify

PAGE = 4096


@pytest.mark.parametrize("who", ["deputy", "director"])
def test_a_token_signs_like_any_key(desk, blank, softhsm, openssl, who):
    with Pkcs11Key.open(MODULE, softhsm.pin, token=softhsm.label, certificate=who) as key:
        assert key.chain == () or key.chain[0].sha256 == desk.key(who).chain[0].sha256
        signed = sign(
            blank,
            who,
            key,
            stamp=desk.stamp,
            timestamper=desk.timestamper,
            trust=desk.trust,
            at=desk.now,
        )
    assert [report.valid for report in verify(signed, desk.trust, desk.now)] == [True]
    assert [seen.holds for seen in openssl(signed)] == [True]


def test_a_certificate_is_chosen_by_label_id_or_serial(desk, softhsm):
    wanted = desk.key("director").certificate
    for name in ("director", "0B", "0b", serial(wanted), serial(wanted).lower()):
        with Pkcs11Key.open(MODULE, softhsm.pin, token=softhsm.label, certificate=name) as key:
            assert key.certificate.sha256 == wanted.sha256
            assert [one.sha256 for one in key.chain] == [desk.key("director").chain[0].sha256]


def test_of_several_certificates_one_must_be_named(desk, softhsm):
    with pytest.raises(CertificateAmbiguous, match="серийный номер") as refused:
        Pkcs11Key.open(MODULE, softhsm.pin, token=softhsm.label)
    for who in ("deputy", "director"):
        assert serial(desk.key(who).certificate) in str(refused.value)
        assert "Лопатин" not in str(refused.value)
    with pytest.raises(CertificateMissing, match=r"Есть: .*идентификатор 0a"):
        Pkcs11Key.open(MODULE, softhsm.pin, token=softhsm.label, certificate="FFFF")


def test_a_token_without_keys_is_told(empty_token):
    with pytest.raises(CertificateMissing, match="нет сертификата"):
        Pkcs11Key.open(MODULE, empty_token.pin, token=empty_token.label)


def test_a_token_is_chosen_when_there_are_several(softhsm, empty_token):
    with pytest.raises(TokenMissing, match=f"несколько.*«{softhsm.label}»"):
        Pkcs11Key.open(MODULE, softhsm.pin)
    with pytest.raises(TokenMissing, match=f"Вставлены.*«{softhsm.label}»"):
        Pkcs11Key.open(MODULE, softhsm.pin, token="неизвестный")
    slot = library.lib(str(MODULE)).get_token(token_label=softhsm.label).slot.slot_id
    Pkcs11Key.open(MODULE, softhsm.pin, slot=slot, certificate="director").close()


@pytest.mark.parametrize("module", ["/nowhere/librtpkcs11ecp.so", "/etc/hostname"])
def test_a_module_that_is_none_is_named(module):
    with pytest.raises(TokenModuleMissing, match=f"{module}.*драйвер"):
        Pkcs11Key.open(Path(module), "1234")


def test_a_wrong_pin_is_told_and_shown_nowhere(softhsm, caplog):
    with pytest.raises(PinWrong, match="не подходит") as refused:
        Pkcs11Key.open(MODULE, "975310", token=softhsm.label)
    with Pkcs11Key.open(MODULE, softhsm.pin, token=softhsm.label, certificate="director") as key:
        told = f"{refused.value!r} {refused.value.__cause__!r} {key!r} {caplog.text}"
    assert "975310" not in told
    assert softhsm.pin not in told
    assert repr(key) == (
        "Pkcs11Key(algorithm=Algorithm(digest='sha256', signature='sha256_ecdsa'))"
    )


def test_a_token_already_open_here_does_not_let_a_second_pin_by(softhsm):
    named = {"token": softhsm.label, "certificate": "director"}
    with (
        Pkcs11Key.open(MODULE, softhsm.pin, **named),
        pytest.raises(TokenBusy, match="уже открыт"),
    ):
        Pkcs11Key.open(MODULE, "0000", **named)


@pytest.mark.parametrize(
    ("answered", "error"),
    [
        (library.PinLocked, PinLocked),
        (library.PinExpired, PinLocked),
        (library.DeviceRemoved, TokenMissing),
        (library.MechanismInvalid, KeyUnsupported),
    ],
)
def test_what_no_soft_token_answers_is_told_as_well(answered, error):
    with pytest.raises(error) as refused, speaking():
        raise answered
    assert type(refused.value) is error


def test_a_closed_key_signs_nothing(softhsm):
    key = Pkcs11Key.open(MODULE, softhsm.pin, token=softhsm.label, certificate="director")
    key.close()
    key.close()
    with pytest.raises(TokenMissing, match="начните заново"):
        key.sign(b"words")


def test_a_hundred_signatures_leak_nothing(softhsm):
    for who in ("deputy", "director"):
        named = {"token": softhsm.label, "certificate": who}
        with Pkcs11Key.open(MODULE, softhsm.pin, **named) as key:
            for _ in range(20):
                key.sign(b"words")
            before = resident()
            assert all(key.sign(b"words") for _ in range(100))
            assert resident() - before < 1 << 20


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def test_without_the_extra_the_remedy_is_told():
    program = (
        "import sys; sys.modules['pkcs11'] = None\n"
        "from signing.pkcs11 import Pkcs11Key, Pkcs11NotInstalled\n"
        "from pathlib import Path\n"
        "try: Pkcs11Key.open(Path('x'), '1')\n"
        "except Pkcs11NotInstalled as error: print(error)\n"
    )
    words = [sys.executable, "-c", program]
    ran = subprocess.run(words, check=False, capture_output=True, text=True)
    assert "vedomost[token]" in ran.stdout, ran.stderr
