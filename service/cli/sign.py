"""Signatures with a key that stays here: a document, a session, or all that waits for a role."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

import click

from service.cli.address import Address
from service.cli.russian import Command
from service.cli.signing import telling
from service.cli.signing.keys import KeyPlace, text_of
from service.cli.signing.sitting import Role, Sitting, require_session
from service.client.errors import AddressWrong
from service.client.operations import Operations
from service.client.told import AttorneyAsked, SessionTold
from service.client.wire import Wire, connect
from service.domain.errors import Rejected

UNSIGNED = 1
DOCUMENTS = "/v1/documents/"
MOST = 500  # of one session

existing = click.Path(path_type=Path, exists=True, dir_okay=False)


class NoToken(Rejected):
    """Nobody said who asks."""

    code = "access-token-missing"
    title = "Нет токена"


class NothingNamed(Rejected):
    """Nobody said what to sign, or said it twice."""

    code = "nothing-named"
    title = "Что подписывать"


@click.command("sign", cls=Command)
@click.argument("document", metavar="[АДРЕС]", required=False)
@click.option(
    "--session", metavar="АДРЕС", help="Адрес сеанса: http://служба/v1/signing-sessions/…"
)
@click.option("--server", metavar="АДРЕС", help="Адрес службы; вместе с --role и --all.")
@click.option("--all", "everything", is_flag=True, help="Всё, что ждёт подписи этой роли.")
@click.option("--role", type=click.Choice(list(telling.ROLES)), help="Кто вы.")
@click.option("--key", "container", type=existing, help="Контейнер PKCS#12 (.p12, .pfx).")
@click.option(
    "--passphrase-file",
    type=existing,
    help="Файл с паролем контейнера; без него — VEDOMOST_PASSPHRASE или вопрос.",
)
@click.option("--pkcs11", "module", type=existing, help="Библиотека токена (модуль PKCS#11).")
@click.option("--token", "label", metavar="МЕТКА", help="Метка токена, если их несколько.")
@click.option(
    "--certificate",
    metavar="НОМЕР",
    help="Серийный номер сертификата на токене, если их несколько.",
)
@click.option(
    "--pin-file", type=existing, help="Файл с ПИН токена; без него — VEDOMOST_PIN или вопрос."
)
@click.option(
    "--token-file", type=existing, help="Файл с токеном доступа; без него — VEDOMOST_TOKEN."
)
@click.option("--attorney", type=existing, help="Доверенность (МЧД), файл XML.")
@click.option("--attorney-signature", type=existing, help="Её отсоединённая подпись.")
@click.option(
    "--attorney-number", metavar="НОМЕР", default="", help="Номер доверенности в реестре."
)
@click.option("--check", is_flag=True, help="Скачать каждый файл и пересчитать его хэш.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    help="Папка, куда сложить подписываемые файлы (и проверить их хэши).",
)
@click.option("--yes", is_flag=True, help="Не спрашивать подтверждения.")
def sign_command(
    document: str | None,
    session: str | None,
    server: str | None,
    everything: bool,
    role: Role | None,
    container: Path | None,
    passphrase_file: Path | None,
    module: Path | None,
    label: str | None,
    certificate: str | None,
    pin_file: Path | None,
    token_file: Path | None,
    attorney: Path | None,
    attorney_signature: Path | None,
    attorney_number: str,
    check: bool,
    save: Path | None,
    yes: bool,
) -> None:
    """Подписать документ, сеанс или всё, что ждёт подписи роли.

    Документ называет АДРЕС, сеанс — --session, всё — --server вместе с --role и --all. Ключ
    остаётся здесь: службе уходит только значение подписи. Код выхода 1, если подписано не всё.
    """
    address, choose = _chosen(document, session, server, role, everything=everything)
    token = _token(token_file)
    place = KeyPlace(container, passphrase_file, module, label, certificate, pin_file)
    with connect(address.base) as http, place.opened() as key:
        power = _attorney(attorney, attorney_signature, attorney_number)
        sitting = Sitting(Operations(Wire(http, token)), key, power)
        sessions = choose(sitting)
        whole = [_sit(sitting, one, save, check=check, yes=yes) for one in sessions]
    if not sessions:
        click.echo("Ничего не ждёт подписи.")
    if not all(whole):
        raise SystemExit(UNSIGNED)


def _chosen(
    document: str | None,
    session: str | None,
    server: str | None,
    role: Role | None,
    *,
    everything: bool,
) -> tuple[Address, Callable[[Sitting], list[str]]]:
    """Return where the service is and how the sessions to sign are found there."""
    match document, session, server:
        case None, str(), None:
            address = Address.read(session)
            name = require_session(address.path)
            return address, lambda _: [name]
        case None, None, str() if everything and role:
            return Address.read(server), lambda sitting: _all(sitting, role)
        case str(), None, None if role:
            address = Address.read(document)
            name = address.path.removeprefix(DOCUMENTS)
            if name == address.path or not name or "/" in name:
                raise AddressWrong("Нужен адрес документа вида https://служба/v1/documents/…")
            return address, lambda sitting: [sitting.open(role, [name], [])]
    raise NothingNamed(
        "Назовите что-то одно: адрес документа и --role; --session с адресом сеанса; "
        "--server с адресом службы, --role и --all."
    )


def _all(sitting: Sitting, role: Role) -> list[str]:
    documents, packages = sitting.awaiting(role)
    opened = [
        sitting.open(role, documents[start : start + MOST], [])
        for start in range(0, len(documents), MOST)
    ]
    return opened + [
        sitting.open(role, [], packages[start : start + MOST])
        for start in range(0, len(packages), MOST)
    ]


def _sit(sitting: Sitting, session: str, save: Path | None, *, check: bool, yes: bool) -> bool:
    """Sign a session and return whether everything in it is signed."""
    told = sitting.join(session)
    waiting = [one for one in told.items if one.state == "waiting"]
    telling.refused(one for one in told.items if one.state in {"refused", "unprepared"})
    if waiting:
        telling.show(waiting)
        if not yes:
            click.confirm(f"Подписать ({telling.ROLES[told.role]})?", abort=True, err=True)
        signed = sitting.sign(session, waiting, save, check=check)
        click.echo(f"Подписано: {signed} из {len(waiting)}.")
    now = sitting.service.get_signing_session(session, parts=False)
    if waiting:
        _tell_state(sitting, now)
    return now.counts.signed == len(now.items)


def _tell_state(sitting: Sitting, now: SessionTold) -> None:
    """Say where a session's only document is now."""
    match now.items:
        case (one,) if one.document is not None:
            document = sitting.service.get_document(one.document)
            click.echo(f"Состояние документа: {document.state}.")


def _attorney(file: Path | None, signature: Path | None, number: str) -> AttorneyAsked | None:
    if file is None and signature is None and not number:
        return None
    held = {"xml": file, "signature": signature}
    sent = {
        name: base64.b64encode(one.read_bytes()).decode()
        for name, one in held.items()
        if one is not None
    }
    return AttorneyAsked(**sent, **({"number": number} if number else {}))


def _token(file: Path | None) -> str:
    told = (text_of(file) if file else os.environ.get("VEDOMOST_TOKEN", "")).strip()
    if not told.isascii() or not told:
        raise NoToken("Укажите --token-file или переменную VEDOMOST_TOKEN с токеном доступа.")
    return told
