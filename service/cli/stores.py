"""The stores of the settings made ready for their first file, with an administrator's keys."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.archive.folder import prepare_folder
from service.archive.prepare import DEFAULT_DAYS, prepare_bucket, prepare_shelf
from service.cli.options import settings_option
from service.cli.russian import Group
from service.domain.errors import Rejected
from service.domain.wording import words
from service.settings import PREFIX, BucketSettings, StoreSettings, load


class KeysMissing(Rejected):
    """Nobody said with which keys a bucket is to be made."""

    code = "admin-keys-missing"
    title = "Нет ключей администратора"


@click.group("stores", cls=Group)
def stores_command() -> None:
    """Хранилища подписанных документов."""


@stores_command.command("prepare")
@settings_option
def prepare_command(file: Path) -> None:
    """Подготовить хранилища: завести папки и бакеты с Object Lock.

    Готовятся все хранилища, названные в настройках. Готовое хранилище не меняется, повторять можно.
    Ключи администратора бакета берутся из переменных VEDOMOST_ADMIN_PRIMARY_ACCESS_KEY и
    VEDOMOST_ADMIN_PRIMARY_SECRET_KEY (для второго хранилища — REPLICA), без них команда
    спросит. Службе эти ключи не нужны.
    """
    stores = load(file, os.environ).stores
    for role, store in (("PRIMARY", stores.primary), ("REPLICA", stores.replica)):
        click.echo(f"{store.name}: {_prepared(role, store)}")
    if stores.working is not None:
        click.echo(f"{stores.working.name}: {_shelved(stores.working)}")


def _prepared(role: str, store: StoreSettings) -> str:
    """Make a store ready and return what was done."""
    if not isinstance(store, BucketSettings):
        new = prepare_folder(store.name, store.path)
        done = "подготовлена" if new else "уже готова, ничего не изменено"
        return f"папка {store.path} {done}."
    new = prepare_bucket(
        name=store.name,
        endpoint=store.endpoint,
        bucket=store.bucket,
        access_key=_key(role, store, "ACCESS_KEY"),
        secret_key=_key(role, store, "SECRET_KEY"),
        secure=store.secure,
        region=store.region,
    )
    if not new:
        return f"бакет {store.bucket} на {store.endpoint} уже готов, ничего не изменено."
    days = f"{DEFAULT_DAYS}\u00a0{words.noun(DEFAULT_DAYS, words.DAY)}"
    return (
        f"бакет {store.bucket} на {store.endpoint} подготовлен: Object Lock, "
        f"по умолчанию COMPLIANCE на {days}."
    )


def _shelved(shelf: BucketSettings) -> str:
    """Make the bucket of the working files and return what was done."""
    new = prepare_shelf(
        endpoint=shelf.endpoint,
        bucket=shelf.bucket,
        access_key=_key("WORKING", shelf, "ACCESS_KEY"),
        secret_key=_key("WORKING", shelf, "SECRET_KEY"),
        secure=shelf.secure,
        region=shelf.region,
    )
    done = "подготовлен" if new else "уже готов, ничего не изменено"
    return f"бакет рабочих файлов {shelf.bucket} на {shelf.endpoint} {done}."


def _key(role: str, store: BucketSettings, key: str) -> str:
    """Return an administrator's key from the environment, or ask."""
    name = f"{PREFIX}ADMIN_{role}_{key}"
    if told := os.environ.get(name):
        return told
    secret = key == "SECRET_KEY"
    what = "Секретный ключ" if secret else "Ключ доступа"
    asked = f"{what} администратора хранилища «{store.name}»"
    try:
        answer: str = click.prompt(asked, hide_input=secret, err=True)
    except click.Abort:
        raise KeysMissing(f"Задайте переменную {name} или ответьте на вопрос.") from None
    return answer
