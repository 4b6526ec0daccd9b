"""A computer without GOST: a child process whose OpenSSL finds no provider, nothing replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import pem

from signing.extend import extended
from signing.session import sign
from signing.trust import Trust
from signing.verify import verify

ROOT = Path(__file__).parents[2]
NOT_INSTALLED = ["gost-not-installed", None]
VERIFYING = """
import json, sys
from datetime import datetime
from pathlib import Path
from signing.trust import Trust
from signing.verify import verify

folder, files = Path(sys.argv[1]), sys.argv[3:]
trust = Trust.folder(folder)
found = {}
for file in files:
    reports = verify((folder / file).read_bytes(), trust, datetime.fromisoformat(sys.argv[2]))
    found[file] = [[one.code, one.valid, one.reason, one.time_problem] for one in reports]
print(json.dumps(found))
"""
PREPARING = """
import sys
from datetime import datetime
from pathlib import Path
from signing import certificates
from signing.errors import GostNotInstalled
from signing.session import prepare

folder = Path(sys.argv[1])
owner = certificates.load((folder / "director.pem").read_bytes())
blank = (folder / "blank.pdf").read_bytes()
at = datetime.fromisoformat(sys.argv[2])
try:
    prepare(blank, "director", owner, (), stamp=None, at=at)
except GostNotInstalled as error:
    print(error)
"""
IMPORTING = """
import sys
from cryptography.hazmat.primitives import hashes
before = hashes.Hash
import signing.session, signing.verify, signing.detached
assert hashes.Hash is before, "replaced though no GOST was met"
assert "signing.gost.key" not in sys.modules
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, authority, gost) -> Path:
    """The roots of both authorities and room for files."""
    made = tmp_path_factory.mktemp("absent")
    roots = (*authority.trust().anchors, *gost.trust().anchors)
    (made / "roots.pem").write_bytes(b"".join(pem.armor("CERTIFICATE", c.dump()) for c in roots))
    return made


@pytest.fixture(scope="module")
def without_gost(tmp_path_factory):
    """Run a program in a process that finds no provider; return what it printed."""
    empty = tmp_path_factory.mktemp("no-modules")
    paths = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "OPENSSL_MODULES": str(empty), "PYTHONPATH": paths}

    def run(program: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def seen(folder, without_gost, gost, desk, blank, by_both):
    """What such a process says of files, each with what is said here."""
    everybody, now = Trust.folder(folder), datetime.now(UTC)
    means = {"stamp": None, "trust": everybody, "at": now}
    by_gost = sign(blank, "director", gost.key("director"), timestamper=desk.timestamper, **means)
    timed = sign(blank, "director", desk.key("director"), timestamper=gost.timestamper(), **means)
    mixed = sign(blank, "deputy", desk.key("deputy"), timestamper=desk.timestamper, **means)
    mixed = sign(mixed, "director", gost.key("director512"), timestamper=desk.timestamper, **means)
    at_gost = replace(desk, timestamper=gost.timestamper())
    revoked = at_gost.force(blank, "director", desk.key("revoked"), now, timed=True)
    files = {
        "gost": by_gost,
        "rsa": by_both,
        "gost-timestamp": timed,
        "revoked": revoked,
        "mixed": mixed,
        "gost-over-all": extended(by_both, gost.timestamper(), everybody, now),
    }
    for name, pdf in files.items():
        (folder / name).write_bytes(pdf)
    told = json.loads(without_gost(VERIFYING, str(folder), now.isoformat(), *files))
    here = {name: [one.valid for one in verify(pdf, everybody, now)] for name, pdf in files.items()}
    return told, here


def test_a_signature_by_gost_is_neither_valid_nor_invalid(seen):
    told, here = seen
    ((code, valid, reason, _),) = told["gost"]
    assert here["gost"] == [True]
    assert [code, valid] == NOT_INSTALLED
    assert reason.startswith("Поддержка ГОСТ не установлена: ")


def test_other_signatures_are_judged_as_ever(seen):
    told, here = seen
    assert [one[:3] for one in told["rsa"]] == [["good", True, ""]] * 2
    assert here["rsa"] == [True, True]


def test_a_timestamp_by_gost_is_not_called_broken(seen):
    told, here = seen
    assert here["gost-timestamp"] == [True]
    ((code, valid, _, problem),) = told["gost-timestamp"]
    assert [code, valid] == ["good", True]
    assert problem == "метка времени подписана по ГОСТ, а поддержка ГОСТ не установлена"


def test_a_document_timestamp_by_gost_is_told_of(seen):
    told, here = seen
    assert here["gost-over-all"] == [True, True]
    assert [one[:2] for one in told["gost-over-all"]] == [["good", True]] * 2
    assert {one[3] for one in told["gost-over-all"]} == {
        "метка времени подписана по ГОСТ, а поддержка ГОСТ не установлена"
    }


def test_what_only_the_timestamp_could_decide_is_left_open(seen):
    told, here = seen
    assert here["revoked"] == [False]
    assert [one[:2] for one in told["revoked"]] == [NOT_INSTALLED]


def test_one_signature_does_not_hide_another(seen):
    told, here = seen
    assert here["mixed"] == [True, True]
    assert [one[:2] for one in told["mixed"]] == [["good", True], NOT_INSTALLED]


def test_nothing_can_be_prepared_for_a_gost_key(folder, without_gost, gost, blank, now):
    (folder / "director.pem").write_bytes((gost.folder / "director.pem").read_bytes())
    (folder / "blank.pdf").write_bytes(blank)
    told = without_gost(PREPARING, str(folder), now.isoformat())
    assert told.startswith("Поддержка ГОСТ не установлена: ")


def test_importing_replaces_nothing(without_gost):
    without_gost(IMPORTING)
