"""A school's journal is asked for the snapshot a run waits for, over HTTP with credentials."""

from __future__ import annotations

import base64
import logging
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from service.domain.errors import Reason, Rejected, ServiceError, Unavailable
from service.ledger.calendar import held as runs_held
from service.ledger.calendar.runs import Run
from service.ledger.database import Database
from service.ledger.road import SERVICE
from service.observing.context import bound
from service.outgoing.calls import Outgoing

LOG = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)  # after which a process that lives asks again, if nothing came
OK = 200
PAGE = b"<"  # a page, of a login mostly, whatever it is called: no JSON begins so
CODINGS = frozenset({"", "identity", "gzip", "x-gzip"})
REMEDIES = (
    (range(300, 400), " Переадресации не исполняются: назовите в настройках окончательный адрес."),
    ((401, 403), " Проверьте имя и пароль или токен журнала в настройках службы."),
    ((404, 410), " Проверьте адрес выгрузки в настройках службы."),
)
SEEN = 1000  # bytes that tell a page from a snapshot
GZIP = 31  # zlib: a gzip header, the largest window
GZIPPED = b"\x1f\x8b"

AcceptBody = Callable[[str, bytes, str, datetime], object]


class JournalSilent(Unavailable):
    """The journal answered, but not with a snapshot."""

    code = "journal-silent"
    title = "Журнал не отдал снимок"


@dataclass(frozen=True, slots=True)
class Journal:
    """Where a journal gives its snapshot away; `{year}` and `{term}` in the address are filled."""

    url: str
    retry: timedelta
    outgoing: Outgoing
    authorization: str = field(default="", repr=False)

    @classmethod
    def basic(cls, user: str, password: str) -> str:
        """Return the header's value for a name and a password (RFC 7617)."""
        return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    def snapshot(self, run: Run, most: int) -> bytes:
        """Return what the journal gives for a run, unpacked, of at most so many bytes."""
        url = self.url.replace("{year}", quote(run.year, safe=""))
        url = url.replace("{term}", quote(run.term, safe=""))
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        reply = self.outgoing.send("GET", url, headers, most=most)
        if reply.status != OK:
            remedy = next((told for codes, told in REMEDIES if reply.status in codes), "")
            raise JournalSilent(f"Журнал ответил кодом {reply.status} вместо снимка.{remedy}")
        if reply.cut:
            raise JournalSilent(f"Журнал отдал больше {most >> 20} МиБ: столько не принимается.")
        coding = reply.headers.get("content-encoding", "").strip().lower()
        if coding not in CODINGS:
            raise JournalSilent("Журнал сжал снимок не так, как просили: принимается только gzip.")
        body = _unpacked(reply.body, most)
        if body[:SEEN].lstrip().startswith(PAGE):
            raise JournalSilent(
                "Журнал отдал страницу (HTML или XML) вместо снимка: проверьте адрес выгрузки, имя "
                "и пароль или токен в настройках службы."
            )
        return body


@dataclass(frozen=True, slots=True)
class Pulled:
    """How asking for a run's snapshot went."""

    run: Run
    problem: Reason | None


@dataclass(frozen=True, slots=True)
class PullRounds:
    """Hands out runs whose journal is to be asked, and notes how it went.

    A run in hand is the `holder`'s, which is a process, until it is known dead.
    """

    database: Database
    journals: Mapping[str, Journal]
    holder: str
    clock: Callable[[], datetime]

    def __call__(self, came: Sequence[Pulled], free: int) -> tuple[Run, ...]:
        """Note what came back and return at most so many runs to ask for."""
        at = self.clock()
        for one in came:
            retry = self.journals[one.run.school].retry
            with self.database.writing() as connection:
                runs_held.pulled(connection, one.run.id, self.holder, at + retry, one.problem)
        if not free or not self.journals:
            return ()
        with self.database.reading() as connection:
            due = runs_held.to_pull(connection, self.holder, at, free)
        return tuple(run for run in due if run.school in self.journals and self._mine(run, at))

    def require_mine(self, run: Run) -> None:
        """Pass if a run is still in hand here. Raises RunTaken."""
        with self.database.reading() as connection:
            runs_held.require_pull(connection, run.id, self.holder)

    def _mine(self, run: Run, at: datetime) -> bool:
        with self.database.writing() as connection:
            return runs_held.claim_pull(connection, run, self.holder, at + LEASE)


@dataclass(frozen=True, slots=True)
class Pull:
    """Asks one journal and keeps what it gives like any snapshot; a known one changes nothing.

    What came is dropped if the run is not `mine` any more: another process asks anew.
    """

    journals: Mapping[str, Journal]
    mine: Callable[[Run], None]
    accept: AcceptBody
    most: int  # bytes of a snapshot
    clock: Callable[[], datetime]

    def __call__(self, run: Run) -> Pulled:
        """Return how it went; what the journal gives wrong is a problem told on the run sheet."""
        with bound(run=run.id, school=run.school):
            try:
                body = self.journals[run.school].snapshot(run, self.most)
                self.mine(run)
                self.accept(run.school, body, SERVICE, self.clock())
            except ServiceError as error:
                LOG.warning("journal asked: %s", error.code)
                return Pulled(run, _told(error))
            LOG.info("journal asked: it gave a snapshot")
            return Pulled(run, None)


def _told(error: ServiceError) -> Reason:
    """Return an error as the run sheet tells it: with the first of its faults."""
    reason = Reason.of(error)
    if not isinstance(error, Rejected) or not error.faults:
        return reason
    first = error.faults[0]
    where = f"{first.pointer}: " if first.pointer else ""
    return replace(reason, message=f"{reason.message} Первая: {where}{first.message}")


def _unpacked(body: bytes, most: int) -> bytes:
    """Return a body without its gzip, all members of it (RFC 1952, 2.2)."""
    unpacked = bytearray()
    rest = body
    while rest.startswith(GZIPPED):
        unpacker = zlib.decompressobj(GZIP)
        try:
            unpacked += unpacker.decompress(rest, most + 1 - len(unpacked))
        except zlib.error:
            raise JournalSilent("Журнал отдал сжатый снимок, который не распаковывается.") from None
        if len(unpacked) > most or not unpacker.eof:
            raise JournalSilent(
                f"Сжатый снимок журнала оборван или больше {most >> 20} МиБ без сжатия."
            )
        rest = unpacker.unused_data
    if rest is body:
        return body
    if rest:
        raise JournalSilent("После сжатого снимка журнал отдал что-то ещё.")
    return bytes(unpacked)
