"""Settings are read once, whole; what is wrong is named and never shown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from town import settings_file

from service.domain.intake.complaints import PATTERNS
from service.settings import FolderSettings, Settings, SettingsWrong, load, reference


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return settings_file(tmp_path, None)


def test_paths_are_of_the_files_folder(file: Path) -> None:
    settings = load(file, {})
    assert settings.data == file.parent.resolve() / "data"
    assert settings.signing.trust == file.parent.resolve() / "trust"
    assert isinstance(settings.stores.primary, FolderSettings)
    assert settings.stores.primary.path == file.parent.resolve() / "A"


def test_environment_replaces(file: Path) -> None:
    settings = load(
        file,
        {"VEDOMOST_WEB__LISTEN": "0.0.0.0:80", "VEDOMOST_PASSPHRASE": "x", "HOME": "/root"},
    )
    assert settings.web.listen == "0.0.0.0:80"


def test_the_address_of_the_service_ends_without_a_slash(file: Path) -> None:
    settings = load(file, {"VEDOMOST_WEB__PUBLIC_URL": "https://xn--80afg1bff.xn--p1ai/"})
    assert settings.web.public_url == "https://xn--80afg1bff.xn--p1ai"


def test_secret_may_come_from_a_file(file: Path) -> None:
    secret = file.with_name("secret")
    secret.write_text("postgresql://u:p@h/d\n")
    settings = load(file, {"VEDOMOST_DATABASE_FILE": str(secret)})
    assert settings.ledger == "postgresql://u:p@h/d"
    with pytest.raises(SettingsWrong, match=r"VEDOMOST_DATABASE_FILE: файл .* не читается"):
        load(file, {"VEDOMOST_DATABASE_FILE": str(file.with_name("none"))})


def test_reference_is_current_and_says_what_every_key_is_for() -> None:
    assert reference.FILE.read_text(encoding="utf-8") == reference.markdown(), "make reference"
    known = reference.keys()
    assert [key.path for key in known if not re.search("[а-яё]", key.told)] == []
    paths = {key.path for key in known}
    assert paths >= {
        *("data", "web.listen", "stores.primary.secret_key", "stores.replica.path"),
        *("schools.<id>.options.qr", "schools.<id>.signatories[].role", "tokens[].roles"),
    }


def test_every_pattern_is_said_in_russian() -> None:
    told = str(Settings.model_json_schema()).replace("\\\\", "\\")
    patterns = set(re.findall(r"'pattern': '([^']*)'", told))
    assert len(patterns) > 5
    assert patterns - set(PATTERNS) == set()


@pytest.mark.parametrize(
    ("added", "environment", "named"),
    [
        ("[webb]\n", {}, "webb: неизвестный ключ"),
        ("[schools.sosh20]\noptions = { ratingz = true }\n", {}, "ratingz: неизвестный ключ"),
        ("", {"VEDOMOST_WEB__TREADS": "2"}, "web.treads: неизвестный ключ"),
        ("", {"VEDOMOST_DATTA": "x"}, "datta: неизвестный ключ"),
        ("", {"VEDOMOST_WEB__THREADS": "many"}, "web.threads"),
        ("", {"VEDOMOST_WORKER__NAME": "A b"}, "worker.name: нужно: от 1 до 32 строчных"),
        ('[schools.".."]\n', {}, "не одни точки"),
        ("", {"VEDOMOST_STORES__REPLICA__NAME": "A"}, "одно имя"),
        ('[schools.sosh20]\ntimezone = "Mars/Base"\n', {}, "schools.sosh20.timezone"),
        ("[schools.sosh20]\noptions = { signing_route = ['secretary'] }\n", {}, "signing_route"),
        (
            "[schools.sosh20]\ncalendar = { term_end = { kinds = ['registr'] } }\n",
            {},
            "schools.sosh20.calendar: нет видов документов registr; есть class-register, ",
        ),
        ("[schools.sosh20]\noptions = { qr = true }\n", {}, "задайте web.public_url"),
        ("", {"VEDOMOST_WEB__PUBLIC_URL": "журнал.рф"}, "web.public_url: адрес вида https://"),
        ("", {"VEDOMOST_WEB__PUBLIC_URL": "https://журнал.рф"}, "web.public_url: только латиница"),
        ("", {"VEDOMOST_WEB__PUBLIC_URL": "https://a:b@c.ru"}, "без параметров и пароля"),
        (
            "[schools.sosh20]\noptions = { signing_route = ['deputy', 'director', 'seal'] }\n",
            {},
            "после директора документ закрыт",
        ),
        (
            "[schools.sosh20]\nsignatories = [{ role = 'seal', name = 'МБОУ СОШ № 20' }]\n",
            {},
            "нужен certificate_sha256",
        ),
        (
            "[schools.sosh20]\noptions = { signing_route = ['seal', 'director'] }\n",
            {},
            "в signatories её сертификата нет",
        ),
        (
            f"[[tokens]]\nid = 'r'\nsha256 = '{'0' * 64}'\nschool = '*'\nroles = ['director']\n",
            {},
            "Для всех школ возможны только: administrator, auditor",
        ),
        (
            f"[[tokens]]\nid = 'r'\nsha256 = '{'0' * 64}'\nschool = 'a'\nroles = ['teacher']\n",
            {},
            r"не принят:\n  tokens\.\d+\.roles\.0: можно только: [^\n]*$",
        ),
        ("", {"VEDOMOST_WORKER__PROCESSES": "many"}, "worker.processes: нужно целое число$"),
        ("", {"VEDOMOST_WORKER__RETRY_FIRST": "0"}, "worker.retry_first: нужно число больше 0"),
        ("", {"VEDOMOST_STORES__REPLICA__KIND": "tape"}, "stores.replica: ключ kind — bucket"),
        (
            "[outgoing]\nnetworks = ['10.0.0.0/33']\n",
            {},
            r"outgoing.networks.0: нужна сеть или адрес: 10.20.0.0/16, 10.20.0.5$",
        ),
        ("[journals.a]\nurl = 'https://u:p@host/'\n", {}, "journals.a.url: имя и пароль — ключами"),
        ("[journals.a]\nurl = 'https://host/{day}'\n", {}, "только {year} и {term}"),
        ("[journals.a]\nurl = 'https://host/'\nbearer = 'тoken'\n", {}, "journals.a.bearer: токен"),
        ("[journals.a]\nurl = 'https://host/'\nbearer = 'a b'\n", {}, "journals.a.bearer: токен"),
        (
            "[journals.a]\nurl = 'https://host/'\nuser = 'a:b'\npassword = 'c'\n",
            {},
            "journals.a.user: имя",
        ),
    ],
)
def test_wrong_settings_are_named(
    file: Path, added: str, environment: dict[str, str], named: str
) -> None:
    file.write_text(file.read_text() + added)
    with pytest.raises(SettingsWrong, match=named):
        load(file, environment)


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None)
    bucket = (
        'kind = "bucket"\nendpoint = "h:1"\nbucket = "arc"\naccess_key = "k"\n'
        'secret_key = "top-secret"\nsecurr = true'
    )
    file.write_text(
        file.read_text().replace('kind = "folder"', bucket, 1).replace('path = "A"', "")
    )
    with pytest.raises(SettingsWrong) as refused:
        load(file, {})
    assert "securr" in str(refused.value)
    assert "top-secret" not in str(refused.value)
    file.write_text(file.read_text().replace("securr = true", ""))
    assert "top-secret" not in repr(load(file, {}))


def test_keys_of_webhooks_are_32_bytes_and_never_shown(file: Path) -> None:
    name, first, second = "VEDOMOST_WEBHOOKS__KEYS", "a1" * 32, "b2" * 32
    settings = load(file, {name: f"{first}\n{second}"})
    assert settings.webhooks.sealing == (bytes.fromhex(first), bytes.fromhex(second))
    assert first not in repr(settings)
    for wrong in ("", first[1:], f"{first} {second}0"):
        with pytest.raises(SettingsWrong, match="openssl rand -hex 32") as refused:
            load(file, {name: wrong})
        assert first[1:] not in str(refused.value)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="не читается"):
        load(tmp_path / "none.toml", {})


def test_what_is_not_asked_for_is_not_loaded() -> None:
    program = (
        "import sys, service.web.serving.server\n"
        "import service.bootstrap.working, service.bootstrap.watching\n"
        "print(sorted({'opentelemetry', 'prometheus_client'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout == b"[]\n"
