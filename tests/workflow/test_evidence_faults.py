"""Evidence when something fails: killed in between, overtaken, a store down, a list lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from ages import LAST, RENEWED, Ages
from asn1crypto import cms
from office import DAY, SUMMARY, Office, names, report, trees, upkeep
from sqlalchemy import delete, select, update

from service.archive.folder import prepare_folder
from service.ledger.proof.evidence import EvidenceOvertaken
from service.ledger.proof.tables import evidence_copies, evidence_members
from service.ledger.tables import copies
from service.workflow.evidence.attest import Attest
from service.workflow.evidence.leaves import LeavesDamaged
from service.workflow.evidence.renew import Renew
from signing.errors import TimestampUnavailable
from signing.evidence import Proof
from signing.evidence.stamping import Imprinter

DIES = """
import os, signal, sys
from datetime import datetime
from dataclasses import replace
from pathlib import Path
from service.bootstrap import evidence
from service.bootstrap.ground import stores
from service.ledger.database import connect
from service.settings import load

at = datetime.fromisoformat(sys.argv[2])
settings = load(Path(sys.argv[1]), {})
settings = settings.model_copy(
    update={"signing": settings.signing.model_copy(update={"tsa": (sys.argv[3],)})}
)
round_ = evidence.upkeep(settings, connect(settings.ledger), stores(settings, lambda: at))

class Deadly:
    def token_over(self, digest, algorithm):
        token = round_.attest.seal.imprinter.token_over(digest, algorithm)
        token.dump()
        os.kill(os.getpid(), signal.SIGKILL)

replace(round_.attest, seal=replace(round_.attest.seal, imprinter=Deadly()))(at)
"""


Step = TypeVar("Step", Attest, Renew)


@dataclass
class Meanwhile:
    """An imprinter during whose call something else happens."""

    imprinter: Imprinter
    happens: Callable[[], object]

    def token_over(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        self.happens()
        return self.imprinter.token_over(digest, algorithm)


class Killed(BaseException):
    """The process ends here."""


def during(step: Step, happens: Callable[[], object]) -> Step:
    """Return a step in the midst of which, the timestamp asked for, something happens."""
    seal = step.seal
    return replace(step, seal=replace(seal, imprinter=Meanwhile(seal.imprinter, happens)))


def interrupted(step: Step) -> Step:
    def die() -> None:
        raise Killed

    return during(step, die)


def killed(folder: Path, at: str, url: str) -> None:
    """Attest in a process that dies once it holds the timestamp."""
    file = str(folder / "vedomost.toml")
    died = subprocess.run(
        [sys.executable, "-c", DIES, file, at, url],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


def test_killed_with_the_timestamp_in_hand_it_is_done_again(office: Office, ages: Ages) -> None:
    town, made = office
    with ages.alive(DAY, "first"):
        killed(town.folder, DAY.isoformat(), ages["first"].timestamp_url)
        assert trees(town) == ()
        assert upkeep(town, ages, "first")(DAY).problems == ()
    with ages.alive(RENEWED, "first", "second"):
        with pytest.raises(Killed):
            interrupted(upkeep(town, ages, "second").renew)(RENEWED)
        assert [one.timestamps for one in trees(town)] == [1]
        assert upkeep(town, ages, "second")(RENEWED).problems == ()
    assert [one.timestamps for one in trees(town)] == [2]
    assert report(town, made[SUMMARY], RENEWED).state is Proof.PROVEN
    assert names(town, "A") == ["leaves.txt", "timestamp-0001.der", "timestamp-0002.der"]
    assert town.log_is_whole()


def test_of_two_at_once_one_is_overtaken_and_writes_nothing(office: Office, ages: Ages) -> None:
    town, made = office
    attest = upkeep(town, ages, "first").attest
    with ages.alive(DAY, "first"), pytest.raises(EvidenceOvertaken):
        during(attest, lambda: attest(DAY))(DAY)
    (tree,) = trees(town)
    renew = upkeep(town, ages, "second").renew
    with ages.alive(RENEWED, "first", "second"), pytest.raises(EvidenceOvertaken):
        during(renew, lambda: renew(RENEWED))(RENEWED)
    assert [(one.id, one.timestamps) for one in trees(town)] == [(tree.id, 2)]
    assert report(town, made[SUMMARY], RENEWED).state is Proof.PROVEN
    assert town.log_is_whole()


def test_nobody_gives_the_time(office: Office, ages: Ages) -> None:
    town, _ = office
    done = upkeep(town, ages, "first")(DAY)
    (problem,) = done.problems
    assert isinstance(problem, TimestampUnavailable)
    assert (done.attested, trees(town)) == (None, ())


def test_a_store_that_was_down_gets_its_copy_later(office: Office, ages: Ages) -> None:
    town, _ = office
    away = town.folder / "B.away"
    (town.folder / "B").rename(away)
    with ages.alive(DAY, "first"):
        done = upkeep(town, ages, "first")(DAY)
    assert [one.code for one in done.problems] == ["one-store-only"] * 2
    away.rename(town.folder / "B")
    again = upkeep(town, ages, "first")(DAY)
    assert again.shelved is not None
    assert (again.problems, again.shelved.files) == ((), 2)
    assert names(town, "A") == names(town, "B") == ["leaves.txt", "timestamp-0001.der"]


def test_locks_grow_with_the_documents_and_never_shrink(attested: Office, ages: Ages) -> None:
    town, made = attested
    longer = LAST.replace(year=2060)
    with town.service.database.writing() as connection:
        own = copies.c.document == made[SUMMARY]
        connection.execute(update(copies).where(own).values(locked_until=longer))
    with ages.alive(RENEWED, "first", "second"):
        assert upkeep(town, ages, "second")(RENEWED).problems == ()
    (tree,) = trees(town)
    with town.service.database.reading() as connection:
        locked = connection.execute(select(evidence_copies.c.locked_until)).scalars().all()
    assert len(locked) == 6
    assert {*locked} == {tree.keep_until} == {longer}


def test_a_lost_list_is_written_again_and_a_false_one_is_noticed(
    attested: Office, ages: Ages
) -> None:
    town, made = attested
    (tree,) = trees(town)
    shutil.rmtree(town.settings.data / "derived")
    shutil.rmtree(town.settings.data / "objects")
    shutil.rmtree(town.folder / "B")
    prepare_folder("B", town.folder / "B")
    with town.service.database.writing() as connection:
        connection.execute(delete(evidence_copies).where(evidence_copies.c.store == "B"))
    done = upkeep(town, ages, "first")(DAY)
    assert done.problems == ()
    assert names(town, "B") == ["leaves.txt", "timestamp-0001.der"]
    assert (town.settings.data / "objects" / tree.leaves[:2] / tree.leaves).exists()

    with town.service.database.writing() as connection:
        connection.execute(update(evidence_members).values(hashes=bytes(96)))
    with pytest.raises(LeavesDamaged):
        town.service.prove.record(made[SUMMARY])
