"""The demo's settings are settings the service takes."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from service.demo.places import places
from service.demo.settings_file import Served, Tokens, kept_key, write
from service.domain.approving.approval import Role
from service.domain.snapshot import Person, School
from service.settings import load

SCHOOL = School(
    id="s:1.a",
    full_name="Школа «Первая» \\ 1",
    timezone="Asia/Yekaterinburg",
    director=Person(name="Директорова Анна Юрьевна"),
)


def test_the_service_takes_them(tmp_path: Path) -> None:
    tokens = Tokens.drawn(1)
    signatories = {Role.DEPUTY: 'Заместитель "И" О', Role.DIRECTOR: SCHOOL.director.name}
    file = tmp_path / "vedomost.toml"
    with places("folder", tmp_path) as stores:
        write(
            file,
            data=tmp_path / "service",
            listen="127.0.0.1:8123",
            trust=tmp_path / "trust",
            tsa="http://127.0.0.1:1/tsa",
            webhook_key=kept_key(tmp_path / "webhook-keys"),
            stores=stores,
            schools=[Served(SCHOOL, signatories, tokens)],
        )
    assert file.stat().st_mode & 0o077 == 0
    settings = load(file, {})
    key = tmp_path / "webhook-keys"
    assert settings.webhooks.sealing == (bytes.fromhex(kept_key(key)),)
    assert key.stat().st_mode & 0o077 == 0
    assert settings.web.listen == "127.0.0.1:8123"
    assert settings.stores.primary.name == "store-a"
    school = settings.schools[SCHOOL.id]
    assert {one.role: one.name for one in school.signatories} == signatories
    assert {one.sha256 for one in settings.tokens} == {
        sha256(token.encode()).hexdigest() for token in asdict(tokens).values()
    }
    assert not any(token in file.read_text() for token in asdict(tokens).values())
