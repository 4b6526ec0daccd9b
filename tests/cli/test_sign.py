"""Signing from the signer's machine: containers, tokens, whole sessions, and a server that lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sittings import DEPUTY, DIRECTOR, SESSIONS, opened, printed, signed_by
from tokens import MODULE, make_token
from town import PASSPHRASE, SCHOOL, TOKENS, Town
from werkzeug import Request, Response
from werkzeug.serving import make_server

from service.cli import main
from service.cli.signing.checking import NotWhatIsShown, Part, require_same, require_sound
from service.client.told import PartTold


def run(*words: str, **given: object) -> Result:
    return CliRunner().invoke(main, ["sign", *words], catch_exceptions=False, **given)


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """The town's service on a real port."""
    yield from _served(town.http.application)


def _served(application: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def container(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Words that name the deputy's key and token."""
    key = tmp_path / "deputy.p12"
    key.write_bytes(town.authority.pkcs12("deputy-rsa", PASSPHRASE))
    monkeypatch.setenv("VEDOMOST_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("VEDOMOST_TOKEN", TOKENS[DEPUTY])
    return "--key", str(key)


def test_a_session_with_a_container(
    town: Town, address: str, container: tuple[str, ...], tmp_path: Path
) -> None:
    documents = printed(town, 2)
    session = opened(town, DEPUTY, documents, token="secretary").json
    where = ("--session", f"{address}{SESSIONS}/{session['id']}", *container)
    asked = run(*where, input="n\n")
    assert asked.exit_code == 1
    assert all(town.document(one)["pdf_sha256"] in asked.stderr for one in documents)
    assert "1 стр." in asked.stderr or "2 стр." in asked.stderr
    assert [town.document(one)["signatures"] for one in documents] == [[], []]

    saved = tmp_path / "saved"
    signed = run(*where, "--yes", "--save", str(saved))
    assert (signed.exit_code, "Подписано: 2 из 2" in signed.output) == (0, True)
    assert {town.document(one)["state"] for one in documents} == {"awaiting-director"}
    assert {file.name for file in saved.iterdir()} == {f"{one}-document.pdf" for one in documents}
    again = run(*where, "--yes")
    assert (again.exit_code, again.stdout) == (0, "")


def test_everything_that_waits_with_a_token(
    town: Town, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = printed(town, 3)
    signed_by(town, DEPUTY, documents[:2], town.key(DEPUTY))
    token = make_token("директор", "4321")
    token.add(town.authority.pkcs12(DIRECTOR, PASSPHRASE), PASSPHRASE, DIRECTOR, "0c")
    pin = tmp_path / "pin"
    pin.write_text("4321\n")
    monkeypatch.setenv("VEDOMOST_TOKEN", TOKENS[DIRECTOR])
    words = ("--server", address, "--role", DIRECTOR, "--all", "--yes", "--check")
    key = ("--pkcs11", str(MODULE), "--token", "директор", "--pin-file", str(pin))
    signed = run(*words, *key)
    assert (signed.exit_code, "Подписано: 2 из 2" in signed.output) == (0, True), signed.stderr
    states = [town.document(one)["state"] for one in documents]
    assert states == ["depositing", "depositing", "awaiting-deputy"]
    town.work()
    packed = {"documents": documents[:2]}
    package = town.ask("secretary", "POST", f"/v1/schools/{SCHOOL}/packages", json=packed).json
    taken = run(*words, *key)
    assert (taken.exit_code, "Пакет, документов: 2" in taken.stderr) == (0, True), taken.stderr
    assert package["manifest_sha256"] in taken.stderr
    assert town.ask("secretary", "GET", f"/v1/packages/{package['id']}").json["turn"] is None
    none = run(*words, *key)
    assert (none.exit_code, none.stdout) == (0, "Ничего не ждёт подписи.\n")


def test_one_that_cannot_be_signed_is_told_and_the_rest_signed(
    town: Town, address: str, container: tuple[str, ...]
) -> None:
    one, two = printed(town, 2)
    session = opened(town, DEPUTY, [one, two], token="secretary").json
    town.ask(DEPUTY, "POST", f"/v1/documents/{one}/rejection", json={"reason": "Не та дата"})
    signed = run("--session", f"{address}{SESSIONS}/{session['id']}", *container, "--yes")
    assert (signed.exit_code, "Подписано: 1 из 1" in signed.output) == (1, True)
    assert f"({one}): Документ в состоянии «rejected»" in signed.stderr
    assert town.document(two)["state"] == "awaiting-director"


def test_a_wrong_passphrase_signs_nothing(
    town: Town, address: str, container: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (document,) = printed(town, 1)
    words = (f"{address}/v1/documents/{document}", "--role", DEPUTY, *container, "--yes")
    monkeypatch.setenv("VEDOMOST_PASSPHRASE", "не тот")
    refused = run(*words)
    assert (refused.exit_code, "Неверный пароль" in refused.stderr) == (7, True)
    assert town.document(document)["signatures"] == []
    monkeypatch.delenv("VEDOMOST_PASSPHRASE")
    signed = run(*words, input=f"{PASSPHRASE}\n")
    assert (signed.exit_code, "awaiting-director" in signed.output) == (0, True)
    again = run(*words, input=f"{PASSPHRASE}\n")
    assert (again.exit_code, "уже подписал" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("where", "code", "said"),
    [
        ("localhost:8000/v1/documents/x", 3, "начинается с https://"),
        ("служба", 3, "начинается с https://"),
        ("ftp://host/v1/documents/x", 3, "начинается с https://"),
        ("http://[::1/v1/documents/x", 3, "не адрес"),
        ("http://host:port/v1/documents/x", 3, "не адрес"),
        ("http://127.0.0.1:9/v1/jobs/x", 3, "/v1/documents/…"),
        ("http://127.0.0.1:9/v1/documents/x", 6, "нет связи"),
        ("http://nowhere.invalid/v1/documents/x", 6, "нет связи"),
    ],
)
def test_bad_addresses(container: tuple[str, ...], where: str, code: int, said: str) -> None:
    told = run(where, "--role", DEPUTY, *container)
    assert (told.exit_code, said in told.stderr) == (code, True), told.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--session", "http://127.0.0.1:9/v1/signing-sessions/x", "--server", "http://x"),
        ("--server", "http://127.0.0.1:9", "--role", DEPUTY),
        ("http://127.0.0.1:9/v1/documents/x",),
    ],
)
def test_nothing_named(container: tuple[str, ...], words: tuple[str, ...]) -> None:
    told = run(*words, *container)
    assert (told.exit_code, "Назовите что-то одно" in told.stderr) == (3, True)
    other = run("--session", "http://127.0.0.1:9/v1/documents/x", *container)
    assert (other.exit_code, "signing-sessions" in other.stderr) == (4, True)


def test_somebody_else_answers(container: tuple[str, ...]) -> None:
    @Request.application
    def stranger(_request: Request) -> Response:
        return Response("<html>Вход</html>", content_type="text/html")

    served = _served(stranger)
    told = run("--session", f"{next(served)}{SESSIONS}/x", *container)
    assert (told.exit_code, "отвечает не служба" in told.stderr) == (6, True)
    next(served, None)


def test_a_server_that_shows_one_thing_and_asks_to_sign_another(
    town: Town, container: tuple[str, ...]
) -> None:
    shown, other = printed(town, 2)
    honest = opened(town, DEPUTY, [shown, other], token="secretary").json

    @Request.application
    def liar(request: Request) -> Response:
        answer = town.http.open(
            request.full_path,
            method=request.method,
            headers={"Authorization": request.headers["Authorization"]},
            data=request.get_data(),
            buffered=True,
            content_type=request.content_type,
        )
        if request.path.endswith("/certificates"):
            told = json.loads(answer.data)
            one, two = told["items"]
            one["parts"][0] = two["parts"][0] | {"content": one["parts"][0]["content"]}
            return Response(json.dumps(told), content_type="application/json")
        return Response(answer.data, status=answer.status_code, content_type=answer.content_type)

    served = _served(liar)
    where = f"{next(served)}{SESSIONS}/{honest['id']}"
    told = run("--session", where, *container, "--yes", "--check")
    next(served, None)
    assert (told.exit_code, "Подписано: 1 из 2" in told.output) == (1, True)
    assert f"({shown}): document.pdf: хэш скачанного файла не совпадает" in told.stderr
    assert town.document(shown)["signatures"] == []


def test_what_is_signed_is_read_first(town: Town) -> None:
    (document,) = printed(town, 1)
    key = town.key("deputy-rsa")
    (item,) = opened(town, DEPUTY, [document], key).json["items"]
    told = PartTold.model_validate(item["parts"][0])
    part = Part.read(told)
    pdf = town.ask(DEPUTY, "GET", part.content).data
    require_sound(part, key.certificate, "sha256")
    require_same(part, pdf)
    lies = [
        (part, town.key("stranger").certificate, "sha256"),
        (part, key.certificate, "streebog256"),
        (Part.read(told.model_copy(update={"document_digest": "AAAA"})), key.certificate, "sha256"),
        (Part.read(told.model_copy(update={"to_sign": "MTIz"})), key.certificate, "sha256"),
    ]
    for lie in lies:
        with pytest.raises(NotWhatIsShown):
            require_sound(*lie)
    start = pdf.rindex(b"<0000")
    for changed in (
        pdf.replace(b"/MediaBox", b"/MediaBoy", 1),
        pdf[: start + 9] + b"1" + pdf[start + 10 :],
        pdf + b"\n",
    ):
        with pytest.raises(NotWhatIsShown):
            require_same(part, changed)
