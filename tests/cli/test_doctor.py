"""`vedomost doctor` says what is wrong and what to do, with the service running or not."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from databases import Fresh
from sqlalchemy import insert, make_url, update
from town import SCHOOL, Town, settings_file

from service.bootstrap.health import Level
from service.bootstrap.installation import settings_kept
from service.bootstrap.signatories import signatories_last
from service.cli import main
from service.domain.errors import Reason
from service.domain.webhook_rules import WebhookState
from service.ledger.printing import workers
from service.ledger.proof.tables import chores
from service.ledger.tables import documents
from service.settings import load
from service.workflow.webhooks.configure import ConfigureWebhooks, WebhookWanted
from service.workflow.webhooks.sealing import Keys
from signing import certificates
from signing.authority.ports import kept_port

KEY = "1" * 64


def asked(file: Path) -> tuple[int, dict[str, Any]]:
    """Return the exit code and what each check found."""
    ran = CliRunner().invoke(main, ["doctor", "--settings", str(file), "--json"])
    told = json.loads(ran.output)
    return ran.exit_code, {one["name"]: one for one in told["checks"]}


def elsewhere(file: Path) -> Path:
    """Have the settings name a port of their own, so that no other service answers there."""
    file.write_text(file.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{kept_port()}"))
    file.chmod(0o600)
    return file


def sealed_with_another_key(town: Town) -> None:
    """Have an address whose secret the settings do not open."""
    service, keys = town.service, Keys((b"k" * 32,))
    wanted = WebhookWanted("https://1.1.1.1/hooks", "", (), WebhookState.ACTIVE)
    ConfigureWebhooks(service.database, service.webhooks.outgoing, keys).add(
        SCHOOL, wanted, "administrator", town.clock()
    )


def test_before_the_first_start(tmp_path: Path) -> None:
    code, found = asked(elsewhere(settings_file(tmp_path, None)))
    assert code == 2
    assert found["database"]["message"] == "Базы данных ещё нет."
    assert "Запустите службу" in found["database"]["remedy"]
    assert {found[name]["status"] for name in ("settings", "python", "forms", "gost")} == {"ok"}
    assert {found[name]["status"] for name in ("store-primary", "store-replica")} == {"ok"}
    assert {found[name]["status"] for name in ("data", "certificates", "timestamps", "web")} == {
        "warn"
    }
    assert found["disk"]["message"] == f"Папки данных {tmp_path / 'data'} нет."
    assert not (tmp_path / "data").exists()


def test_a_database_that_is_down_is_told_once(tmp_path: Path) -> None:
    file = elsewhere(settings_file(tmp_path, None))
    nowhere = f'database = "postgresql://nobody@127.0.0.1:{kept_port()}/none"'
    file.write_text(f"{nowhere}\n{file.read_text()}")
    code, found = asked(file)
    assert code == 2
    assert found["database"]["message"].startswith("База данных недоступна")
    assert "ключ database" in found["database"]["remedy"]
    assert not {"engine", "workers", "queue"} & found.keys()


def test_all_that_can_be_well_is(town: Town) -> None:
    file = elsewhere(town.folder / "vedomost.toml")
    file.write_text(f'{file.read_text()}\n[webhooks]\nkeys = "{KEY}"\n')
    town.settings.data.chmod(0o750)
    with town.service.database.writing() as connection:
        workers.claim(connection, workers.Pulse("w1", "here", "p"), 30)
    code, found = asked(file)
    assert code == 1
    assert [name for name, one in found.items() if one["status"] != "ok"] == ["web"]
    assert "служба не запущена" in found["web"]["message"]


def test_what_is_wrong_is_named_with_a_remedy(quiet_town: Town) -> None:
    file = elsewhere(quiet_town.folder / "vedomost.toml")
    sealed_with_another_key(quiet_town)
    file.chmod(0o644)
    (quiet_town.folder / "A" / "vedomost-store.json").unlink()
    (quiet_town.folder / "trust" / "a.pem").write_text("hello")
    quiet_town.order(quiet_town.post_snapshot())
    now = quiet_town.clock()
    with quiet_town.service.database.writing() as connection:
        problem = Reason("internal-error", "…")
        connection.execute(update(documents).values(state="failed", problem=problem))
        late = now - timedelta(days=3)
        connection.execute(insert(chores).values(name="evidence", due=late))
    code, found = asked(file)
    assert code == 2
    assert "chmod 600" in found["settings"]["remedy"]
    assert "не подключён" in found["store-primary"]["message"]
    assert "vedomost stores prepare" in found["store-primary"]["remedy"]
    assert found["certificates"]["message"].endswith(
        "Файл a.pem: Это не сертификат X.509. Передайте сертификат в кодировке DER или PEM."
    )
    assert found["store-replica"]["status"] == "ok"
    assert "1 документ (internal-error — 1)" in found["failed"]["message"]
    assert found["webhooks"]["status"] == "fail"
    assert "Не открываются секреты адресов: 1 из 1" in found["webhooks"]["message"]
    assert "доказательства — нужно было" in found["chores"]["message"]
    with quiet_town.service.database.writing() as connection:
        met, again = Reason("unavailable", "Архив молчит."), datetime.now(UTC) + timedelta(hours=1)
        connection.execute(update(chores).values(problem=met, due=again))
        connection.execute(insert(chores).values(name="lock-primary", due=again, problem=met))
    page = CliRunner().invoke(main, ["doctor", "--settings", str(file)])
    assert "Не сделано: доказательства — Архив молчит.\n" in page.output, (
        "stores are looked at anew"
    )
    assert f"обработчик повторит сам: {again:%d.%m.%Y %H:%M} UTC" in " ".join(page.output.split())
    assert "✗ Хранилище 1" in page.output
    assert "Есть то, что мешает работать." in page.output


def test_a_database_file_that_is_none_is_told(tmp_path: Path) -> None:
    file = elsewhere(settings_file(tmp_path, None))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "vedomost.db").write_bytes(b"garbage" * 1000)
    code, found = asked(file)
    assert code == 2
    assert "восстановите его из резервной копии" in found["database"]["message"]


def test_a_port_somebody_else_listens_on_is_not_called_free(tmp_path: Path) -> None:
    file = elsewhere(settings_file(tmp_path, None))
    host, _, port = load(file, {}).web.listen.partition(":")

    def hang_up() -> None:
        stranger.accept()[0].close()

    with socket.create_server((host, int(port))) as stranger:
        Thread(target=hang_up, daemon=True).start()
        _, found = asked(file)
    assert found["web"]["status"] == "fail"
    assert "не отвечает по HTTP" in found["web"]["message"]


def test_a_certificate_that_ends_soon_is_told_of_whoever_signed_with_it(town: Town) -> None:
    town.sign(town.printed(), "deputy")
    key = town.authority.certificate("deputy") if town.authority else None
    assert key is not None
    end = certificates.valid_until(key)
    database, settings = town.service.database, town.settings
    level, told, _ = signatories_last(settings, database, lambda: end - timedelta(days=31))
    assert (level, told) == (Level.OK, "Известно сертификатов тех, кто подписывает: 1.")
    level, told, _ = signatories_last(settings, database, lambda: end - timedelta(days=29))
    assert level is Level.WARN
    assert told.endswith(f"{SCHOOL} deputy — {end:%d.%m.%Y}.")
    assert "Громова" not in told


def test_settings_that_are_not_accepted(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None, "127.0.0.1:8000", "[webb]\n")
    code, found = asked(file)
    assert code == 2
    assert "webb: неизвестный ключ" in found["settings"]["message"]


@pytest.fixture
def beside(fresh_postgresql: Fresh) -> str:
    """A database on PostgreSQL with all tables."""
    return fresh_postgresql()


def at(tmp_path: Path, address: str) -> Path:
    file = elsewhere(settings_file(tmp_path, None))
    file.write_text(f'database = "{address}"\n{file.read_text()}')
    return file


def test_an_empty_database_is_told_once(tmp_path: Path, beside: str) -> None:
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    code, found = asked(at(tmp_path, beside))
    assert code == 2
    assert found["database"]["message"] == "Таблиц ещё нет."
    assert not {"engine", "workers", "queue"} & found.keys()


@pytest.mark.parametrize(
    ("rights", "told"),
    [("", "не даёт службе прав"), ("GRANT SELECT ON ALL TABLES IN SCHEMA public", "для чтения")],
)
def test_a_role_that_may_not_write_is_told(
    tmp_path: Path, beside: str, rights: str, told: str
) -> None:
    role = f"reader_{token_hex(4)}"
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")  # type: ignore[call-overload]
        if rights:
            connection.execute(f"{rights} TO {role}")  # type: ignore[call-overload]
    address = make_url(beside).set(username=role).render_as_string(hide_password=False)
    code, found = asked(at(tmp_path, address))
    assert code == 2
    assert told in found["database"]["message"]
    assert found["database"]["remedy"]
    assert not {"engine", "workers", "queue"} & found.keys()


def test_a_secret_that_everybody_reads_is_told(tmp_path: Path) -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        secret = Path(folder) / "database"
        secret.touch(0o600)
        for mode, level in ((0o644, Level.WARN), (0o640, Level.OK)):
            secret.chmod(mode)
            file = settings_file(tmp_path, None)
            file.chmod(0o600)
            assert settings_kept(file, (secret,))[0] is level
        secret.chmod(0o644)
        Path(folder).chmod(0o700)
        assert settings_kept(file, (secret,))[0] is Level.OK
