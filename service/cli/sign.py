"""A signature with a key that stays here: only its value goes to the service."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import click
import httpx

from service.domain.errors import Conflict, Missing, Rejected, ServiceError, Unavailable
from signing.keys import Pkcs12Key

TIMEOUT = httpx.Timeout(120, connect=10)


class ServiceRefused(Rejected):
    """The service did not accept the request."""

    code = "service-refused"
    title = "Служба не приняла запрос"


class NotThere(Missing):
    """The service knows no such document."""

    code = "not-there"
    title = "Документ не найден"


class NotNow(Conflict):
    """The document cannot be signed so, or not now."""

    code = "not-now"
    title = "Подписать сейчас нельзя"


class ServiceSilent(Unavailable):
    """The service does not answer."""

    code = "service-silent"
    title = "Служба не отвечает"


class TokenMissing(Rejected):
    """Nobody said who asks."""

    code = "token-missing"
    title = "Нет токена"


FAMILIES: Mapping[int, type[ServiceError]] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: NotThere,
        HTTPStatus.CONFLICT: NotNow,
        HTTPStatus.SERVICE_UNAVAILABLE: ServiceSilent,
    }
)


@click.command("sign")
@click.argument("document", metavar="АДРЕС")
@click.option("--role", type=click.Choice(["deputy", "director"]), required=True, help="Кто вы.")
@click.option(
    "--key",
    "container",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="Контейнер PKCS#12 (.p12, .pfx).",
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Файл с паролем контейнера; без него — VEDOMOST_PASSPHRASE или вопрос.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Файл с токеном; без него — VEDOMOST_TOKEN.",
)
def sign_command(
    document: str, role: str, container: Path, passphrase_file: Path | None, token_file: Path | None
) -> None:
    """Подписать документ по адресу вида http://служба/v1/documents/…; ключ остаётся здесь."""
    key = Pkcs12Key.open(container.read_bytes(), _passphrase(passphrase_file))
    place = urlsplit(document)
    with httpx.Client(
        base_url=f"{place.scheme}://{place.netloc}",
        headers={"Authorization": f"Bearer {_token(token_file)}"},
        timeout=TIMEOUT,
    ) as client:
        chain = [base64.b64encode(one.dump()).decode() for one in (key.certificate, *key.chain)]
        asked = {"role": role, "certificates": chain}
        session = _sent(client, "POST", f"{place.path.rstrip('/')}/signatures", asked)
        value = base64.b64encode(key.sign(base64.b64decode(session["to_sign"]))).decode()
        signed = _sent(client, "PUT", f"/v1/signatures/{session['id']}", {"value": value})
    click.echo(f"Подписано. Состояние документа: {signed['state']}.")


def _sent(client: httpx.Client, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = client.request(method, path, json=body)
    except (httpx.TransportError, httpx.UnsupportedProtocol) as error:
        raise ServiceSilent(f"{client.base_url}: {error}. Проверьте адрес.") from None
    if answer.is_success:
        told: dict[str, Any] = answer.json()
        return told
    problem = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    said = problem.get("detail") or problem.get("title") or f"ответ {answer.status_code}"
    raise FAMILIES.get(answer.status_code, ServiceRefused)(said)


def _passphrase(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    if (told := os.environ.get("VEDOMOST_PASSPHRASE")) is not None:
        return told
    asked: str = click.prompt("Пароль контейнера", hide_input=True, err=True)
    return asked


def _token(file: Path | None) -> str:
    told = file.read_text().strip() if file else os.environ.get("VEDOMOST_TOKEN", "")
    if not told:
        raise TokenMissing("Укажите --token-file или переменную VEDOMOST_TOKEN.")
    return told
