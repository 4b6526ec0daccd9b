"""Containers of keys: what opens, what does not, and why."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.serialization import pkcs12

from signing.algorithms import Algorithm
from signing.certificates import owner
from signing.errors import KeyUnreadable, KeyUnsupported, PassphraseWrong
from signing.keys import Pkcs12Key

WORDS = b"what is signed"


def test_an_rsa_key_signs(desk):
    key = desk.key("deputy")
    assert key.algorithm == Algorithm("sha256", "sha256_rsa")
    public = x509.load_der_x509_certificate(key.certificate.dump()).public_key()
    public.verify(key.sign(WORDS), WORDS, padding.PKCS1v15(), hashes.SHA256())


def test_an_elliptic_key_signs(desk):
    key = desk.key("director")
    assert key.algorithm == Algorithm("sha256", "sha256_ecdsa")
    public = x509.load_der_x509_certificate(key.certificate.dump()).public_key()
    public.verify(key.sign(WORDS), WORDS, ec.ECDSA(hashes.SHA256()))


def test_it_brings_its_issuers_but_not_the_root(desk, authority):
    key = desk.key("director")
    assert owner(key.certificate) == "Лопатин Пётр Ильич"
    assert [item.sha256 for item in key.chain] == [authority.chain()[0].sha256]


def test_it_does_not_show_its_secret_or_its_owner(desk):
    assert repr(desk.key("director")) == (
        "Pkcs12Key(algorithm=Algorithm(digest='sha256', signature='sha256_ecdsa'))"
    )


def test_a_wrong_passphrase_is_told_from_a_wrong_file(authority):
    container = authority.pkcs12("director", "верный")
    with pytest.raises(PassphraseWrong, match="Пароль не подходит"):
        Pkcs12Key.open(container, "неверный")
    with pytest.raises(KeyUnreadable, match="не контейнер"):
        Pkcs12Key.open(b"-----BEGIN CERTIFICATE-----", "верный")


def test_a_certificate_without_its_key_is_refused(authority):
    certificate = x509.load_der_x509_certificate(authority.certificate("director").dump())
    only = pkcs12.serialize_key_and_certificates(
        b"x", None, None, [certificate], serialization.BestAvailableEncryption(b"x")
    )
    with pytest.raises(KeyUnreadable, match="закрытым ключом"):
        Pkcs12Key.open(only, "x")


def test_a_key_of_another_kind_is_refused(now, authority):
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now.replace(year=2040))
    ).sign(key, None)
    container = pkcs12.serialize_key_and_certificates(
        b"x", key, certificate, None, serialization.BestAvailableEncryption(b"x")
    )
    with pytest.raises(KeyUnsupported, match="RSA"):
        Pkcs12Key.open(container, "x")
