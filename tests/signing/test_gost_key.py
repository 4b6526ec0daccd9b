"""GOST keys in PKCS#12 containers, opened and used by the command `openssl` in child processes."""

from __future__ import annotations

import pytest
from gost_authority import PASSPHRASE

from signing.errors import GostNotInstalled, KeyUnreadable, KeyUnsupported, PassphraseWrong
from signing.gost.key import OpensslKey, of_container
from signing.keys import Pkcs12Key


@pytest.mark.parametrize(("who", "size"), [("director", 64), ("director512", 128)])
def test_a_value_is_as_long_as_two_coordinates(gost, who, size):
    key = gost.key(who)
    assert key.certificate.dump() == gost.certificate(who).dump()
    assert [issuer.dump() for issuer in key.chain] == [gost.certificate("issuing").dump()]
    assert len(key.sign(b"document")) == size


def test_a_key_shows_nothing_of_itself(gost):
    assert repr(gost.key("director")) == (
        "OpensslKey(algorithm=Algorithm(digest='streebog256', signature='gost2012_256'))"
    )


def test_a_wrong_passphrase_is_told(gost):
    with pytest.raises(PassphraseWrong):
        OpensslKey.open(gost.pkcs12("director"), "не тот")


def test_a_container_opens_whatever_its_key(gost, authority):
    opened = of_container(gost.pkcs12("director512"), PASSPHRASE)
    assert isinstance(opened, OpensslKey)
    assert isinstance(of_container(authority.pkcs12("deputy", PASSPHRASE), PASSPHRASE), Pkcs12Key)
    for container in (gost.pkcs12("director"), authority.pkcs12("deputy", PASSPHRASE)):
        with pytest.raises(PassphraseWrong):
            of_container(container, "не тот")


@pytest.mark.parametrize("data", [b"", b"not a container", bytes(1000)])
def test_what_is_no_container_is_told(data):
    with pytest.raises(KeyUnreadable):
        OpensslKey.open(data, PASSPHRASE)


def test_certificates_alone_are_no_key(gost, tmp_path):
    gost.openssl(
        *("pkcs12", "-export", "-nokeys", "-in", "director.pem", "-out", tmp_path / "container"),
        *("-passout", "env:PASSPHRASE"),
        env={"PASSPHRASE": PASSPHRASE},
    )
    with pytest.raises(KeyUnreadable):
        OpensslKey.open((tmp_path / "container").read_bytes(), PASSPHRASE)


def test_keys_of_other_algorithms_are_for_others(authority):
    with pytest.raises(KeyUnsupported):
        OpensslKey.open(authority.pkcs12("deputy", PASSPHRASE), PASSPHRASE)


@pytest.mark.parametrize("missing", ["OPENSSL_ENGINES", "PATH"])
def test_without_the_engine_or_the_command_it_is_said_so(gost, tmp_path, monkeypatch, missing):
    container = gost.pkcs12("director")
    monkeypatch.setenv(missing, str(tmp_path))
    with pytest.raises(GostNotInstalled, match="libengine-gost-openssl"):
        OpensslKey.open(container, PASSPHRASE)
