"""Everything a person can be told about what is wrong, whether the service runs or not."""

from __future__ import annotations

import os
import stat
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

from sqlalchemy import make_url

from service.archive.store import ObjectStore
from service.bootstrap import authorities, health_checks
from service.bootstrap.ground import each_store
from service.bootstrap.health import Check, Finding, Health, Level, Told
from service.bootstrap.sealed_secrets import secrets_sealed
from service.bootstrap.signatories import signatories_last
from service.domain.errors import ServiceError
from service.domain.wording import words
from service.jobs.advance import Clock
from service.jobs.engine import Dispatcher
from service.ledger import standing
from service.ledger.database import Database, DatabaseUnavailable, connect
from service.ledger.printing import workers
from service.settings import Settings
from signing import digests
from signing.cms import timestamp_info
from signing.errors import GostNotInstalled, SigningError

TIMEOUT = 30.0  # seconds: nobody waits for a request here
REGULAR = "PTSans-Regular.ttf"
FORM = Path("shared") / "page.html"
SEEN_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH
REMEDIES = {  # of errors that do not say what to do themselves
    "store-primary": "Включите диск или сервер; новое хранилище готовит «vedomost stores prepare».",
    "store-replica": "Включите диск или сервер; новое хранилище готовит «vedomost stores prepare».",
    "certificates": "Оставьте в папке signing.trust только сертификаты, PEM или DER.",
    "timestamps": "Проверьте адреса signing.tsa и выход в сеть: «curl АДРЕС» с этой машины.",
}
CHORES = {
    "evidence": "доказательства",
    "sessions": "сеансы подписи",
    "deliveries": "события школ",
    "secrets": "секреты адресов для событий",
    "answers": "ответы на повторы запросов",
    "lock-primary": "блокировка первого хранилища",
    "lock-replica": "блокировка второго хранилища",
}


def diagnose(settings: Settings, file: Path, clock: Clock) -> tuple[Finding, ...]:
    """Return what was found, a finding a part; each store gets a canary, each TSA one request."""
    database, trouble = _database(settings)
    alone = [
        Check("settings", partial(_settings, file)),
        Check("python", _python),
        Check("forms", partial(_forms, settings)),
        Check("data", partial(_data, settings)),
        Check("disk", partial(health_checks.disk_has_room, settings)),
        *_stores(settings, clock),
        Check("certificates", partial(health_checks.certificates_last, settings, clock)),
        Check("timestamps", partial(_timestamps, settings, clock)),
        Check("gost", _gost),
        Check("web", partial(_web, settings)),
    ]
    if database is None:
        return _asked([*alone, Check("database", lambda: trouble)])
    try:
        return _asked([*alone, *_ledger(settings, clock, database)])
    finally:
        database.close()


def _asked(checks: Iterable[Check]) -> tuple[Finding, ...]:
    explained = (Check(one.name, partial(_explained, one)) for one in checks)
    return Health(explained, TIMEOUT, 0)()


def _explained(check: Check) -> Told:
    """Look; of an error tell all it says: whoever asks here may know hosts and paths."""
    try:
        return check.look()
    except (ServiceError, SigningError) as error:
        return Level.FAIL, f"{error.title}: {error}", REMEDIES.get(check.name, "")


def _database(settings: Settings) -> tuple[Database | None, Told]:
    """Return the database, or why there is none: asking SQLite for it would make an empty file."""
    address = make_url(settings.ledger)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        told = "Базы данных ещё нет."
        return None, (Level.FAIL, told, "Запустите службу: она заведёт базу сама.")
    database = connect(settings.ledger)
    try:
        with database.reading():
            return database, (Level.OK, "", "")
    except DatabaseUnavailable as error:  # told once: all that follows rests on it
        database.close()
        told = f"{error.title}: {' '.join(str(error).split())}"
        return None, (Level.FAIL, told, "Запустите базу данных или исправьте ключ database.")


def _ledger(settings: Settings, clock: Clock, database: Database) -> Iterator[Check]:
    yield Check("database", partial(health_checks.database_stands, database))
    yield Check("engine", partial(_engine, database))
    yield Check("clock", partial(_clock, settings, clock, database))
    yield Check("workers", partial(health_checks.workers_live, database))
    yield Check("queue", partial(health_checks.queue_moves, settings, database, clock))
    yield Check("signatories", partial(signatories_last, settings, database, clock))
    yield Check("webhooks", partial(secrets_sealed, settings, database, clock))
    yield Check("failed", partial(_failed, database))
    yield Check("chores", partial(_chores, clock, database))


def _settings(file: Path) -> Told:
    told = "Файл настроек принят."
    if file.stat().st_mode & SEEN_BY_OTHERS:
        seen = f"{told} Его могут читать и другие пользователи машины, а в нём бывают пароли."
        return Level.WARN, seen, f"Выполните: chmod 600 {file}"
    return Level.OK, told, ""


def _python() -> Told:
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


def _forms(settings: Settings) -> Told:
    missing = [
        str(path)
        for path in (settings.templates / FORM, settings.fonts / REGULAR)
        if not os.access(path, os.R_OK)
    ]
    if missing:
        remedy = "Проверьте ключи templates и fonts или поставьте программу заново."
        return Level.FAIL, f"Не читаются: {', '.join(missing)}.", remedy
    return Level.OK, "Формы и шрифты на месте.", ""


def _data(settings: Settings) -> Told:
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


def _stores(settings: Settings, clock: Clock) -> Iterator[Check]:
    places = ("primary", "replica")
    for place, store in zip(places, each_store(settings, clock), strict=True):
        yield Check(f"store-{place}", partial(_store, store, clock))


def _store(store: ObjectStore, clock: Clock) -> Told:
    store.prove_lock(clock())
    return Level.OK, f"«{store.name}» отвечает, заблокированное не меняет и не удаляет.", ""


def _timestamps(settings: Settings, clock: Clock) -> Told:
    stamper = authorities.timestamper(settings)
    if stamper is None:
        return health_checks.timestamps_answer(settings)
    before = clock()
    info = timestamp_info(stamper.token(b"vedomost doctor")["content"])
    skew = _between(info["gen_time"].native - before, clock() - before)
    return _skewed(settings, skew, "Служба штампов времени отвечает")


def _clock(settings: Settings, clock: Clock, database: Database) -> Told:
    before = clock().timestamp()
    with database.reading() as connection:
        there = workers.now(connection)
    skew = _between(
        timedelta(seconds=there - before), timedelta(seconds=clock().timestamp() - before)
    )
    return _skewed(settings, skew, "Часы сверены с базой данных")


def _between(ahead: timedelta, took: timedelta) -> float:
    """Return by how many seconds other clocks surely differ, asked while some time passed."""
    if ahead < timedelta(0):
        return -ahead.total_seconds()
    return max(0.0, (ahead - took).total_seconds())


def _skewed(settings: Settings, skew: float, told: str) -> Told:
    if skew > settings.health.clock_seconds:
        remedy = "Включите на машинах службу точного времени (NTP)."
        return Level.WARN, f"{told}, но часы расходятся на {skew:.0f} с.", remedy
    return Level.OK, f"{told}, расхождения нет.", ""


def _gost() -> Told:
    try:
        digests.digest("streebog256", b"")
    except GostNotInstalled:
        remedy = "Установите: apt install libengine-gost-openssl."
        return Level.WARN, "ГОСТ не установлен: подписи по ГОСТ не проверяются.", remedy
    return Level.OK, "ГОСТ Р 34.10 и Стрибог установлены.", ""


def _web(settings: Settings) -> Told:
    host, _, port = settings.web.listen.rpartition(":")
    here = "127.0.0.1" if host in {"0.0.0.0", "[::]"} else host  # noqa: S104 - only compared
    try:
        with urllib.request.urlopen(f"http://{here}:{port}/livez", timeout=5):
            return Level.OK, f"HTTP отвечает на {settings.web.listen}.", ""
    except urllib.error.HTTPError as error:
        told = f"На {settings.web.listen} отвечает кто-то другой (HTTP {error.code})."
        return Level.FAIL, told, "Освободите порт или смените web.listen."
    except (TimeoutError, HTTPException):
        told = f"На {settings.web.listen} кто-то слушает, но не отвечает по HTTP."
        return Level.FAIL, told, "Если служба здесь не запущена, порт занят: смените web.listen."
    except OSError:
        told = f"На {settings.web.listen} никто не отвечает: служба не запущена здесь."
        return Level.WARN, told, "Запустите «vedomost serve» (systemctl start vedomost)."


def _engine(database: Database) -> Told:
    dispatcher = Dispatcher.at(database.url)
    try:
        return health_checks.engine_answers(dispatcher)
    finally:
        dispatcher.close()


def _failed(database: Database) -> Told:
    with database.reading() as connection:
        failed = standing.failures(connection)
    count = failed.total()
    if not count:
        return Level.OK, "Неудавшихся документов нет.", ""
    told = f"Не удалось: {count} {words.noun(count, words.DOCUMENT)} ({_codes(failed)})."
    remedy = "GET /v1/schools/{школа}/jobs?state=failed скажет причины; POST …/retry повторит."
    return Level.WARN, told, remedy


def _chores(clock: Clock, database: Database) -> Told:
    with database.reading() as connection:
        late = health_checks.overdue(standing.chores_known(connection), clock())
    if not late:
        return Level.OK, "Ежедневные дела сделаны.", ""
    told = "; ".join(
        f"{CHORES.get(one.name, one.name)} — "
        + (one.problem["message"] if one.problem else f"должно было быть {one.due:%d.%m.%Y}")
        for one in late
    )
    return Level.WARN, f"Не сделано: {told}", "Их делает обработчик: проверьте, что он работает."


def _codes(counts: Counter[str]) -> str:
    return ", ".join(f"{code} — {number}" for code, number in counts.most_common(5))
