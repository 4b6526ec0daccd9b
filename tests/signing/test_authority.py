"""The test authority: made once, used again, started and stopped."""

from __future__ import annotations

import shutil
import socket
from datetime import timedelta

import pytest
import requests

from signing.authority import Authority, AuthorityDown, AuthorityMismatch, KeyKind, Person
from signing.certificates import is_test, serial, valid_from, valid_until

PEOPLE = [
    Person("deputy", "Заварзина", "Ольга Сергеевна", "Школа", KeyKind.RSA),
    Person("director", "Лопатин", "Пётр Ильич", "Школа"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory, now):
    return Authority.create(tmp_path_factory.mktemp("made") / "authority", PEOPLE, around=now)


def test_its_certificates_name_the_person_and_the_test(made):
    certificate = made.certificate("director")
    assert certificate.subject.native == {
        "country_name": "RU",
        "organization_name": "Школа",
        "common_name": "Лопатин Пётр Ильич",
        "surname": "Лопатин",
        "given_name": "Пётр Ильич",
    }
    assert is_test(certificate)
    assert certificate.public_key.algorithm == "ec"
    assert made.certificate("deputy").public_key.bit_size == 2048
    assert len(serial(certificate)) == 32


def test_a_second_run_uses_the_same_folder(made, now):
    again = Authority.create(made.folder, PEOPLE, around=now + timedelta(days=100))
    assert again == made
    for label in ("root", "issuing", "tsa", "deputy", "director"):
        assert again.certificate(label).sha256 == made.certificate(label).sha256


def test_a_year_later_people_get_new_certificates_from_the_same_root(made, now, tmp_path):
    folder = shutil.copytree(made.folder, tmp_path / "authority")
    later = now + timedelta(days=400)
    renewed = Authority.create(folder, PEOPLE, around=later)
    assert renewed.chain()[1].sha256 == made.chain()[1].sha256
    certificate = renewed.certificate("director")
    assert valid_from(certificate) < later < valid_until(certificate)
    assert Authority.open(folder) == renewed


def test_a_folder_of_others_is_refused(made, now):
    with pytest.raises(AuthorityMismatch, match="других подписантов"):
        Authority.create(made.folder, PEOPLE[:1], around=now)


def test_keys_are_for_the_owner_of_the_folder_only(made):
    for key in (made.folder / "keys").iterdir():
        assert key.stat().st_mode & 0o077 == 0, key.name


def test_it_starts_again_after_a_stop_and_shows_no_keys(made):
    for _ in range(2):
        with made.serve() as server:
            requests.get(
                f"{made.plan.url}/school/crls/issuing/latest.crl", timeout=20
            ).raise_for_status()
            assert requests.get(made.plan.url, timeout=20).status_code == 404
            form = {"cert": "director"}
            shown = requests.post(
                f"{made.plan.url}/_certomancer/pfx-download/school", data=form, timeout=20
            )
            assert shown.status_code == 404
        assert server.process.returncode == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(made.plan.url, timeout=20)


def test_a_busy_port_is_told(made):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", made.port))
        other.listen()
        with pytest.raises(AuthorityDown, match="занят его порт"):
            made.serve()
