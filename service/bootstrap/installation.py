"""What is looked at on a machine alone: settings, libraries, forms, folders, its own HTTP."""

from __future__ import annotations

import os
import stat
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from http.client import HTTPException
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

from service.bootstrap.health import Level, Told
from service.settings import Settings

REGULAR = "PTSans-Regular.ttf"
FORM = Path("shared") / "page.html"
SEEN_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH
MUTE = (TimeoutError, HTTPException, ConnectionResetError, BrokenPipeError)
OURS = "vedomost"
WHOSE = "/metrics?name[]=target_info"  # counts nothing
LONGEST = 4096  # bytes of what says whose figures are told
CONTAINERS = Path("/run/secrets")


def settings_kept(file: Path, secrets: Iterable[Path]) -> Told:
    """Look whether the settings and the files with secrets are for the service alone."""
    told = "Файл настроек принят."
    if file.stat().st_mode & SEEN_BY_OTHERS:
        seen = f"{told} Его могут читать и другие пользователи машины, а в нём бывают пароли."
        return Level.WARN, seen, f"Выполните: chmod 600 {file}"
    open_to_all = " ".join(str(one) for one in secrets if _open_to_all(one))
    if open_to_all:
        seen = f"{told} Файлы с паролями могут читать все пользователи машины: {open_to_all}."
        return Level.WARN, seen, f"Выполните: chmod 600 {open_to_all}"
    return Level.OK, told, ""


def _open_to_all(file: Path) -> bool:
    """Return whether any user can come to a file and read it; a container's secrets are its own."""
    whole = file.resolve()
    if whole.is_relative_to(CONTAINERS):
        return False
    ways = all(folder.stat().st_mode & stat.S_IXOTH for folder in whole.parents)
    return ways and bool(whole.stat().st_mode & stat.S_IROTH)


def libraries_there() -> Told:
    """Look whether the libraries are there and the one that prints can be used."""
    version = ".".join(map(str, sys.version_info[:3]))
    missing = [name for name in _libraries() if not _installed(name)]
    if missing:
        told = f"Python {version}, не хватает библиотек: {', '.join(missing)}."
        return Level.FAIL, told, "Установите их из requirements.lock."
    try:
        import_module("weasyprint")
    except OSError as error:
        remedy = "Установите Pango: apt install libpango-1.0-0 libpangoft2-1.0-0."
        return Level.FAIL, f"Python {version}, печать не работает: {error}.", remedy
    return Level.OK, f"Python {version}, библиотеки на месте.", ""


def _libraries() -> Iterator[str]:
    """Yield the libraries of every installation; those of the extras come when asked for."""
    for line in requires("vedomost") or ():
        wanted, _, condition = line.partition(";")
        if "extra" not in condition:
            yield _name(wanted)


def _name(wanted: str) -> str:
    """Return the name a requirement begins with."""
    end = next((n for n, c in enumerate(wanted) if not (c.isalnum() or c in "-_.")), len(wanted))
    return wanted[:end]


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def forms_there(settings: Settings) -> Told:
    """Look whether forms and fonts can be read."""
    missing = [
        str(path)
        for path in (settings.templates / FORM, settings.fonts / REGULAR)
        if not os.access(path, os.R_OK)
    ]
    if missing:
        remedy = "Проверьте ключи templates и fonts или поставьте программу заново."
        return Level.FAIL, f"Не читаются: {', '.join(missing)}.", remedy
    return Level.OK, "Формы и шрифты на месте.", ""


def data_open(settings: Settings) -> Told:
    """Look whether the data folder is the service's."""
    folder = settings.data
    if not folder.is_dir():
        remedy = "Запустите службу: она заведёт папку. Если папка была — подключите её диск."
        return Level.WARN, f"Папки данных {folder} нет.", remedy
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = f"Отдайте её пользователю службы: chown -R vedomost {folder}"
        return Level.FAIL, f"В папку данных {folder} нельзя писать.", remedy
    if folder.stat().st_mode & stat.S_IRWXO:
        remedy = f"Выполните: chmod 750 {folder}"
        return Level.WARN, "Папку данных видят все пользователи машины.", remedy
    return Level.OK, f"Папка данных {folder} доступна.", ""


def web_answers(settings: Settings) -> Told:
    """Look whether the service answers where it listens."""
    try:
        with urllib.request.urlopen(f"http://{_here(settings.web.listen)}/livez", timeout=5):
            return Level.OK, f"HTTP отвечает на {settings.web.listen}.", ""
    except urllib.error.HTTPError as error:
        told = f"На {settings.web.listen} отвечает кто-то другой (HTTP {error.code})."
        return Level.FAIL, told, "Освободите порт или смените web.listen."
    except (OSError, HTTPException) as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, MUTE):
            told = f"На {settings.web.listen} кто-то слушает, но не отвечает по HTTP."
            return (
                Level.FAIL,
                told,
                "Если служба здесь не запущена, порт занят: смените web.listen.",
            )
        told = f"На {settings.web.listen} никто не отвечает: служба не запущена здесь."
        return Level.WARN, told, "Запустите «vedomost serve» (systemctl start vedomost)."


def metrics_answer(listen: str) -> Told:
    """Look whether the service's figures can be read where the settings say."""
    if are_told(listen):
        return Level.OK, f"Показатели отдаются на {listen}.", ""
    told = f"На {listen} показателей нет: служба не запущена, или адрес занят другой программой."
    return Level.WARN, told, "Запустите службу; если она работает, смените ключ metrics.listen."


def are_told(listen: str) -> bool:
    """Return whether this service's figures are told at an address of this machine."""
    try:
        with urllib.request.urlopen(f"http://{_here(listen)}{WHOSE}", timeout=5) as answer:
            return f'"{OURS}"'.encode() in answer.read(LONGEST)
    except (OSError, HTTPException):
        return False


def _here(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    here = "127.0.0.1" if host in {"0.0.0.0", "[::]"} else host  # noqa: S104 - only compared
    return f"{here}:{port}"
