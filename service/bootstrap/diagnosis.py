"""Everything a person can be told about what is wrong, whether the service runs or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from service.archive.shelf import Shelf
from service.archive.store import ClockSkewed, ObjectStore, StoreLies
from service.bootstrap import authorities, clocks, health_checks, installation, working_files
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
from service.ledger.standing import ChoreStanding
from service.settings import Settings
from signing import digests
from signing.cms import timestamp_info
from signing.errors import GostNotInstalled, SigningError

TIMEOUT = 10.0  # seconds: nobody waits for a request here, but somebody before a screen
REMEDIES = {  # of errors that do not say what to do themselves
    "store-primary": "Включите диск или сервер; новое хранилище готовит «vedomost stores prepare».",
    "store-replica": "Включите диск или сервер; новое хранилище готовит «vedomost stores prepare».",
    "engine": "Выполните «vedomost migrate»; таблицами должна владеть роль службы.",
    "working": "Включите его сервер; новый бакет готовит «vedomost stores prepare».",
    "certificates": "Оставьте в папке signing.trust только сертификаты, PEM или DER.",
    "timestamps": "Проверьте адреса signing.tsa и выход в сеть: «curl АДРЕС» с этой машины.",
}
SAID = (StoreLies, ClockSkewed)  # errors whose own words say what to do
CHORES = {
    "evidence": "доказательства",
    "sessions": "сеансы подписи",
    "deliveries": "события школ",
    "secrets": "секреты адресов для событий",
    "answers": "ответы на повторы запросов",
    "lock-primary": "блокировка первого хранилища",
    "lock-replica": "блокировка второго хранилища",
}


def diagnose(
    settings: Settings, file: Path, clock: Clock, secrets: Iterable[Path] = ()
) -> tuple[Finding, ...]:
    """Return what was found, a finding a part; each store gets a canary, each TSA one request.

    `file` is where the settings came from, `secrets` what else holds some of them.
    """
    database, trouble = _database(settings)
    alone = [
        Check("settings", partial(installation.settings_kept, file, tuple(secrets))),
        Check("python", installation.libraries_there),
        Check("forms", partial(installation.forms_there, settings)),
        Check("data", partial(installation.data_open, settings)),
        Check("disk", partial(health_checks.disk_has_room, settings)),
        *_stores(settings, clock),
        *_working(settings),
        Check("certificates", partial(health_checks.certificates_last, settings, clock)),
        Check("timestamps", partial(_timestamps, settings, clock)),
        Check("gost", _gost),
        Check("web", partial(installation.web_answers, settings)),
    ]
    if (listen := settings.metrics.listen) is not None:
        alone.append(Check("metrics", partial(installation.metrics_answer, listen)))
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
        remedy = "" if isinstance(error, SAID) else REMEDIES.get(check.name, "")
        return Level.FAIL, f"{error.title}: {error}", remedy


def _database(settings: Settings) -> tuple[Database | None, Told]:
    """Return the database, or why there is none: asking SQLite for it would make an empty file."""
    address = make_url(settings.ledger)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        told = "Базы данных ещё нет."
        return None, (Level.FAIL, told, "Запустите службу: она заведёт базу сама.")
    database = connect(settings.ledger, patience=TIMEOUT)
    try:
        stands = health_checks.database_stands(database)
        if stands[0] is not Level.FAIL:
            return database, stands
        database.close()
        return None, stands
    except DatabaseUnavailable as error:  # told once: all that follows rests on it
        database.close()
        told = f"{error.title}: {' '.join(str(error).split())}"
        return None, (Level.FAIL, told, "Запустите базу данных или исправьте ключ database.")


def _ledger(settings: Settings, clock: Clock, database: Database) -> Iterator[Check]:
    yield Check("database", partial(health_checks.database_stands, database))
    yield Check("engine", partial(_engine, database))
    yield Check("clock", partial(clocks.against_database, settings, clock, database))
    yield Check("workers", partial(health_checks.workers_live, database))
    yield Check("queue", partial(health_checks.queue_moves, settings, database, clock))
    yield Check("signatories", partial(signatories_last, settings, database, clock))
    yield Check("webhooks", partial(secrets_sealed, settings, database, clock))
    yield Check("failed", partial(_failed, database))
    yield Check("chores", partial(_chores, clock, database))


def _stores(settings: Settings, clock: Clock) -> Iterator[Check]:
    places = ("primary", "replica")
    for place, store in zip(places, each_store(settings, clock), strict=True):
        yield Check(f"store-{place}", partial(_store, store, clock))


def _store(store: ObjectStore, clock: Clock) -> Told:
    store.prove_lock(clock())
    return Level.OK, f"«{store.name}» отвечает, заблокированное не меняет и не удаляет.", ""


def _working(settings: Settings) -> Iterator[Check]:
    if (shared := working_files.shared(settings)) is not None:
        yield Check("working", partial(_shelf, shared))


def _shelf(shelf: Shelf) -> Told:
    shelf.require_kept()
    return Level.OK, "Общий бакет рабочих файлов отвечает, положенное отдаёт.", ""


def _timestamps(settings: Settings, clock: Clock) -> Told:
    stamper = authorities.timestamper(settings)
    if stamper is None:
        return health_checks.timestamps_answer(settings)
    before = clock()
    info = timestamp_info(stamper.token(b"vedomost doctor")["content"])
    skew = clocks.apart(info["gen_time"].native - before, clock() - before)
    return clocks.told(settings, skew, "Служба штампов времени отвечает")


def _gost() -> Told:
    try:
        digests.digest("streebog256", b"")
    except GostNotInstalled:
        remedy = "Установите: apt install libengine-gost-openssl."
        return Level.WARN, "ГОСТ не установлен: подписи по ГОСТ не проверяются.", remedy
    return Level.OK, "ГОСТ Р 34.10 и Стрибог установлены.", ""


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
    # What stores say now is told of each; a worker met what it met, and looks again by itself.
    late = tuple(one for one in late if one.name not in health_checks.LOCKS or one.problem is None)
    if not late:
        return Level.OK, "Ежедневные дела сделаны.", ""
    told = "; ".join(f"{CHORES.get(one.name, one.name)} — {_why_late(one)}" for one in late)
    again = min(one.due for one in late)
    remedy = f"Устраните причину, обработчик повторит сам: {again:%d.%m.%Y %H:%M} UTC."
    if again + health_checks.OVERDUE < clock():
        remedy = "Их делает обработчик: проверьте, что он работает."
    return Level.WARN, f"Не сделано: {told}.", remedy


def _why_late(one: ChoreStanding) -> str:
    return one.problem.message.rstrip(".") if one.problem else f"нужно было {one.due:%d.%m.%Y}"


def _codes(counts: Counter[str]) -> str:
    return ", ".join(f"{code} — {number}" for code, number in counts.most_common(5))
