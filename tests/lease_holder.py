"""A worker's process that holds a run, a pull and a layout, to be killed or put to sleep.

`python lease_holder.py SETTINGS FORMS SCHOOL AT`: it says «held» once it has them, goes on when it
reads a line, as a host does that wakes up, and says «done». SIGUSR1 stops it between two
transactions: who is stopped in the midst of one holds up everybody who writes.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread

from service.bootstrap.ordering import order
from service.bootstrap.runs import tell_run
from service.jobs.engine import Dispatcher
from service.ledger.database import Database, connect
from service.ledger.printing import workers
from service.ledger.printing.layouts import Counted
from service.ledger.printing.workers import Pulse
from service.ledger.road import Road
from service.outgoing.addresses import Allowance
from service.outgoing.calls import Outgoing, trusting
from service.settings import load
from service.workflow.printing.lay_out import LayOut
from service.workflow.printing.order import Order, Ordered, Still, Wanted
from service.workflow.runs.advance import AdvanceRuns
from service.workflow.runs.pull import Journal, Pull, Pulled, PullRounds

PULSE = Pulse("holder", "its folder", "its process")
BEAT = 0.1
NOWHERE = "http://127.0.0.1:1/"


def pull_rounds(database: Database, school: str, holder: str, at: datetime) -> PullRounds:
    """Whoever asks a school's journal, which is nowhere."""
    outgoing = Outgoing(Allowance(True, True, ()), trusting(), whole=1)
    journals = {school: Journal(NOWHERE, timedelta(hours=1), outgoing)}
    return PullRounds(database, journals, holder, lambda: at)


@dataclass(frozen=True, slots=True)
class Sleepy(Order):
    """Says that it is about to order, and sleeps."""

    def __call__(
        self, wanted: Wanted, by: str, at: datetime, still: Still | None = None
    ) -> Ordered:
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.readline()
        return super(Sleepy, self).__call__(wanted, by, at, still)


def beat(database: Database, stop: Event, turn: Lock) -> None:
    while not stop.wait(BEAT):
        with turn, database.writing(forgettable=True) as connection:
            workers.beat(connection, PULSE)


def main(file: Path, forms: str, school: str, at: datetime) -> None:
    settings, stop, accepted = load(file, {}), Event(), list[object]()
    database = connect(settings.ledger)
    with database.writing() as connection:
        workers.claim(connection, PULSE, 1)
    turn = Lock()

    def fall_asleep(*_: object) -> None:
        with turn:
            os.kill(os.getpid(), signal.SIGSTOP)

    signal.signal(signal.SIGUSR1, fall_asleep)
    beating = Thread(target=beat, args=(database, stop, turn))
    beating.start()
    pulls = pull_rounds(database, school, PULSE.process, at)
    laying = LayOut(database, lambda: forms, lambda: at, PULSE.process)
    (run,), (layout,) = pulls((), 1), laying((), 1)
    dispatcher = Dispatcher.at(database.url)
    awake = order(settings, database, Road(dispatcher), forms, forms)
    sleepy = Sleepy(**{one.name: getattr(awake, one.name) for one in fields(awake)})
    tell = tell_run(settings, database)
    AdvanceRuns(database, PULSE.process, sleepy, tell, lambda *_: True, lambda _: False)(at)

    def accept(*told: object) -> None:
        accepted.append(told)

    late = Pull(pulls.journals, pulls.require_mine, accept, 1, lambda: at)
    pulls([late(run), Pulled(run, None)], 0)
    laying([(layout, Counted((9,), (9,), 9.0))], 0)
    assert not accepted
    stop.set()
    beating.join()
    dispatcher.close()
    database.close()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], datetime.fromisoformat(sys.argv[4]))
