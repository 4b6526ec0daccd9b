"""What is looked at to tell whether the service is well."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from service.archive.shelf import Shelf
from service.archive.store import LockNotEnforced, ObjectMissing, ObjectStore
from service.bootstrap import clocks, working_files
from service.bootstrap.health import Check, Health, Level, Told
from service.domain.errors import why
from service.jobs.advance import Clock
from service.jobs.engine import Dispatcher
from service.jobs.leases import SILENCE
from service.ledger import migrating, standing
from service.ledger.database import Database
from service.ledger.migrating import DatabaseNewer, DatabaseOlder
from service.ledger.printing import workers
from service.ledger.standing import ChoreStanding
from service.settings import Settings
from signing import certificates
from signing.certificates import Certificate

MEBIBYTE = 1 << 20
CANARY = "canary/once"  # that a store says it has none is an answer too
TSA_REMEMBERED = 60.0  # seconds: an authority is not bothered more often
OVERDUE = timedelta(days=1)
WRITABLE = "Дайте роли службы её таблицы или назовите в ключе database главный сервер."
LOCKS = ("lock-primary", "lock-replica")  # chores that prove the stores' locks, in their order


def health(
    settings: Settings,
    clock: Clock,
    database: Database,
    dispatcher: Dispatcher,
    stores: tuple[ObjectStore, ObjectStore],
) -> Health:
    """Return the checks of a running service.

    Required are the database and the engine's tables in it. With a store down documents are still
    printed, signed and verified, and wait for it: the service is ready, and says what is wrong.
    """
    checks = [
        Check("database", partial(database_stands, database), required=True),
        Check("engine", partial(engine_answers, dispatcher), required=True),
        Check("workers", partial(workers_live, database)),
        Check("queue", partial(queue_moves, settings, database, clock)),
        *(
            Check(f"store-{place}", partial(store_answers, store, database, lock))
            for place, store, lock in zip(("primary", "replica"), stores, LOCKS, strict=True)
        ),
        *_working(settings),
        Check("clock", partial(clocks.against_database, settings, clock, database)),
        Check("disk", partial(disk_has_room, settings)),
        Check("certificates", partial(certificates_last, settings, clock)),
        Check("timestamps", Remembered(partial(timestamps_answer, settings), TSA_REMEMBERED)),
    ]
    return Health(checks, settings.health.timeout, settings.health.remembered)


def database_stands(database: Database) -> Told:
    """Look whether the database answers and has the tables this program expects."""
    with database.reading() as connection:
        found = migrating.version(connection)
        if found is None:
            return Level.FAIL, "Таблиц ещё нет.", "Запустите службу: она заведёт их сама."
        try:
            migrating.require_fit(connection)
        except DatabaseOlder as error:
            return Level.FAIL, str(error), "Или перезапустите службу: она обновит таблицы сама."
        except DatabaseNewer as error:
            return Level.FAIL, str(error), ""
        if not migrating.is_writable(connection):
            return Level.FAIL, "База данных только для чтения: служба не может работать.", WRITABLE
    told = f"Отвечает, таблицы версии {found}"
    if found == migrating.expected_version():
        return Level.OK, f"{told}.", ""
    newer = "новее программы, но ей подходят"
    return Level.OK, f"{told}: {newer}.", "Доведите обновление до конца: замените и эту программу."


def engine_answers(dispatcher: Dispatcher) -> Told:
    """Look whether the queue of jobs answers."""
    dispatcher.require_answer()
    return Level.OK, "Очередь заданий отвечает.", ""


def workers_live(database: Database) -> Told:
    """Look whether anybody does the jobs."""
    with database.reading() as connection:
        living = sorted(workers.living(connection, SILENCE))
    if living:
        return Level.OK, f"Работают: {', '.join(living)}.", ""
    told = f"Ни один обработчик не подавал признаков жизни за {SILENCE:.0f} с: задания ждут."
    return Level.WARN, told, "Запустите «vedomost worker» или «vedomost serve»."


def queue_moves(settings: Settings, database: Database, clock: Clock) -> Told:
    """Look how long jobs have been waiting, and what is in their way."""
    now = clock()
    with database.reading() as connection:
        open_now = standing.waiting(connection, now)
        obstacles = standing.in_the_way(connection)
    count = sum(one.waiting + one.running + one.delayed for one in open_now)
    told = f"Заданий в работе и очереди: {count}."
    if obstacles:
        told += f" Отложены: {', '.join(f'{code} — {n}' for code, n in obstacles.most_common(5))}."
    since = min((one.since for one in open_now if one.since is not None), default=now)
    if now - since > timedelta(minutes=settings.health.queue_minutes):
        waits = f" Старшее ждёт с {since:%d.%m.%Y %H:%M} UTC."
        return Level.WARN, told + waits, "Посмотрите, живы ли обработчики и хватает ли их."
    return (Level.WARN if obstacles else Level.OK), told, ""


def store_answers(store: ObjectStore, database: Database, lock: str) -> Told:
    """Look whether a store answers, and whether a worker saw its lock hold."""
    with suppress(ObjectMissing):
        store.stat(CANARY)
    answered = f"«{store.name}» отвечает"
    with database.reading() as connection:
        proofs = {one.name: one for one in standing.chores_known(connection)}
    return _lock_told(answered, proofs.get(lock))


def _lock_told(answered: str, proof: ChoreStanding | None) -> Told:
    remedy = "Проверьте хранилище: «vedomost doctor»."
    if proof is None or (proof.done_at is None and proof.problem is None):
        return Level.OK, f"{answered}, блокировка ещё не проверялась.", ""
    if proof.problem is None and proof.done_at is not None:
        return Level.OK, f"{answered}, блокировка проверена {proof.done_at:%d.%m.%Y}.", ""
    code = proof.problem.code if proof.problem else ""
    level = Level.FAIL if code == LockNotEnforced.code else Level.WARN
    return level, f"{answered}, но блокировка не доказана ({code}).", remedy


def _working(settings: Settings) -> Iterable[Check]:
    if (shared := working_files.shared(settings)) is not None:
        yield Check("working", partial(working_answers, shared))


def working_answers(shelf: Shelf) -> Told:
    """Look whether the bucket of working files answers: nothing is accepted or printed without."""
    shelf.require_answer()
    return Level.OK, "Общий бакет рабочих файлов отвечает.", ""


def disk_has_room(settings: Settings) -> Told:
    """Look how much room the data folder has."""
    try:
        free = shutil.disk_usage(settings.data).free // MEBIBYTE
    except FileNotFoundError:
        remedy = "Запустите службу: она заведёт папку. Если папка была — подключите её диск."
        return Level.FAIL, f"Папки данных {settings.data} нет.", remedy
    except OSError as error:
        told = f"Папка данных {settings.data} недоступна: {why(error)}."
        return Level.FAIL, told, "Подключите её диск."
    told = f"В папке данных свободно {free} МиБ."
    remedy = "Освободите место на диске или перенесите папку данных на больший."
    if free < settings.health.disk_fail_mib:
        return Level.FAIL, told, remedy
    if free < settings.health.disk_warn_mib:
        return Level.WARN, told, remedy
    return Level.OK, told, ""


def certificates_last(settings: Settings, clock: Clock) -> Told:
    """Look whether anybody's certificates count, and for how long still."""
    folder = settings.signing.trust
    remedy = "Положите в папку signing.trust корневые сертификаты удостоверяющих центров."
    try:
        found = certificates.load_folder(folder)
    except OSError:
        return Level.FAIL, "Папка доверенных сертификатов не читается.", remedy
    roots = tuple(one for one in found if certificates.is_root(one))
    if not roots:
        return Level.WARN, "Доверенных корневых сертификатов нет: подписать некому.", remedy
    now = clock()
    soon = now + timedelta(days=settings.health.certificate_days)
    ending = sorted(certificates.valid_until(one) for one in found if _ends(one, now, soon))
    count = f"Доверенных сертификатов: {len(found)}"
    if ending:
        told = f"{count}, из них кончаются {len(ending)}, первый — {ending[0]:%d.%m.%Y}."
        return Level.WARN, told, "Добавьте новые сертификаты; старые не удаляйте."
    over = sum(certificates.valid_until(one) <= now for one in found)
    if over == len(found):
        return Level.WARN, f"{count}, срок всех истёк.", "Добавьте действующие сертификаты."
    return Level.OK, f"{count}.", ""


def _ends(certificate: Certificate, now: datetime, soon: datetime) -> bool:
    """Return whether one ends soon; what has ended long ago is kept to judge old signatures."""
    return now < certificates.valid_until(certificate) <= soon


def timestamps_answer(settings: Settings) -> Told:
    """Look whether a timestamp authority can be reached; no timestamp is asked for."""
    urls = settings.signing.tsa
    if not urls:
        remedy = "Назовите службу штампов времени в signing.tsa."
        return Level.WARN, "Служба штампов времени не названа: подписать нельзя.", remedy
    reached = sum(_reached(url, settings.health.timeout / (len(urls) + 1)) for url in urls)
    told = f"Служб штампов времени отвечает {reached} из {len(urls)}."
    if reached == len(urls):
        return Level.OK, told, ""
    return Level.WARN, told, "Проверьте адреса signing.tsa и выход в сеть."


def _reached(url: str, timeout: float) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout).close()
    except OSError:
        return False
    return True


class Remembered:
    """A look that is not repeated for some seconds."""

    def __init__(self, look: Callable[[], Told], seconds: float) -> None:
        self._look = look
        self._seconds = seconds
        self._seen: tuple[float, Told] | None = None

    def __call__(self) -> Told:
        """Look, or tell what was seen."""
        if self._seen is None or time.monotonic() - self._seen[0] > self._seconds:
            self._seen = (time.monotonic(), self._look())
        return self._seen[1]


def overdue(chores: Iterable[ChoreStanding], now: datetime) -> tuple[ChoreStanding, ...]:
    """Return the chores that should have been done a day ago, or met a problem last."""
    return tuple(one for one in chores if one.problem is not None or one.due + OVERDUE < now)
