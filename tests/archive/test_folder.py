"""A folder on a disk: killed writers, damaged files, wrong and absent disks."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.archive.folder import FolderStore, open_folder, prepare_folder
from service.archive.store import (
    LockNotEnforced,
    ObjectExists,
    StoreLies,
    StoreRefused,
    StoreUnavailable,
)

UNTIL = datetime(2051, 12, 31, tzinfo=UTC)
WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from service.archive.folder import open_folder
store = open_folder("disk", Path(sys.argv[1]))
print("ready", flush=True)
for number in range(10**9):
    key = f"{sys.argv[2]}/{number}/file.pdf"
    copy = store.put(key, os.urandom(200_000), keep_until=datetime(2051, 12, 31, tzinfo=UTC),
                     tags={}, media_type="application/pdf")
    print(key, copy.sha256, flush=True)
"""


def opened(path: Path) -> FolderStore:
    prepare_folder("disk", path)
    return open_folder("disk", path)


def put(store: FolderStore, key: str, body: bytes = b"body") -> None:
    store.put(key, body, keep_until=UNTIL, tags={"doc_id": "d1"}, media_type="application/pdf")


def test_a_killed_writer_leaves_whole_files_and_nothing_else(tmp_path: Path) -> None:
    store = opened(tmp_path)
    chance = random.Random(1)
    acknowledged: dict[str, str] = {}
    for round_ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), f"round{round_}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        first = writer.stdout.readline()
        time.sleep(chance.random() / 4)
        writer.send_signal(signal.SIGKILL)
        said, _ = writer.communicate()
        lines = (first + said).splitlines()
        acknowledged |= dict(line.split() for line in lines if len(line) > 64)
    assert len(acknowledged) >= 4
    for key, digest in acknowledged.items():
        assert hashlib.sha256(store.get(key)).hexdigest() == digest
    for meta in tmp_path.rglob("@meta.json"):
        if "tmp" not in meta.parts:
            key = json.loads(meta.read_bytes())["key"]
            assert store.check(store.stat(key)).key == key
    open_folder("disk", tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_living_writer_is_not_swept_away(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store._draft() as draft:
        open_folder("disk", tmp_path)
        assert draft.exists()


def test_a_file_is_found_by_its_name_in_25_years(tmp_path: Path) -> None:
    put(opened(tmp_path), "school/2026-2027/d1/v1/register.pdf")
    place = tmp_path / "objects/school/2026-2027/d1/v1/register.pdf@1"
    assert (place / "register.pdf").read_bytes() == b"body"
    assert json.loads((place / "@meta.json").read_bytes())["locked_until"] == UNTIL.isoformat()
    assert {f.stat().st_mode & 0o222 for f in (place, *place.iterdir())} == {0}


def test_silent_damage_is_found(tmp_path: Path) -> None:
    store = opened(tmp_path)
    key = "d1/v1/register.pdf"
    put(store, key)
    copy = store.stat(key)
    place = tmp_path / "objects" / (key + "@1")
    place.chmod(0o755)
    (place / "register.pdf").chmod(0o644)
    (place / "register.pdf").write_bytes(b"bodY")
    for act in (lambda: store.check(copy), lambda: store.get(key), lambda: put(store, key)):
        with pytest.raises(StoreLies, match="хеш"):
            act()
    assert store.stat(key) == copy


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("@meta.json", b'{"key": "d1/f'),
        ("@meta.json", b"[]"),
        ("@meta.json", None),
        ("f", None),
    ],
)
def test_a_torn_folder_is_found(tmp_path: Path, name: str, content: bytes | None) -> None:
    store = opened(tmp_path)
    put(store, "d1/f")
    copy = store.stat("d1/f")
    place = tmp_path / "objects/d1/f@1"
    place.chmod(0o755)
    (place / name).unlink()
    if content is not None:
        (place / name).write_bytes(content)
    with pytest.raises(StoreLies):
        store.check(copy)
    with pytest.raises(StoreLies):
        put(store, "d1/f")


def test_a_forged_date_is_found(tmp_path: Path) -> None:
    store = opened(tmp_path)
    put(store, "f")
    copy = store.stat("f")
    meta = tmp_path / "objects/f@1/@meta.json"
    meta.parent.chmod(0o755)
    meta.chmod(0o644)
    meta.write_text(meta.read_text().replace("2051", "2027"))
    with pytest.raises(StoreLies, match="короче"):
        store.check(copy)


def test_an_absent_disk_is_not_an_empty_store(tmp_path: Path) -> None:
    store = opened(tmp_path / "disk")
    put(store, "f")
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    (tmp_path / "disk").mkdir()
    for act in (
        lambda: put(store, "g"),
        lambda: store.get("f"),
        lambda: store.stat("f"),
        lambda: open_folder("disk", tmp_path / "disk"),
    ):
        with pytest.raises(StoreUnavailable, match="не подключён"):
            act()
    assert list((tmp_path / "disk").iterdir()) == []


def test_another_disk_is_refused(tmp_path: Path) -> None:
    opened(tmp_path)
    with pytest.raises(StoreRefused, match="«disk», а нужен «other»"):
        open_folder("other", tmp_path)
    with pytest.raises(StoreRefused):
        prepare_folder("other", tmp_path)


@pytest.mark.parametrize("key", ["../f", "a/../../f", "a//f", "", "a/./f", "a@1/f", "/etc/f"])
def test_a_key_stays_inside(tmp_path: Path, key: str) -> None:
    store = opened(tmp_path / "disk")
    with pytest.raises(StoreRefused):
        put(store, key)
    assert [p.name for p in tmp_path.iterdir()] == ["disk"]


def test_a_full_disk_is_said_so_and_leaves_nothing(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the end of the disk: the system refuses the write itself."""
    opened(tmp_path)
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    ) + WRITER
    writer = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), "big"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "StoreUnavailable" in writer.stderr
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list((tmp_path / "objects").rglob("*.pdf")) == []


def test_a_folder_that_lets_itself_be_replaced_is_refused(tmp_path: Path) -> None:
    class Careless(FolderStore):
        def _confirmed(self, key: str, body: bytes, until: datetime):  # type: ignore[no-untyped-def]
            try:
                return super()._confirmed(key, body, until)
            except ObjectExists:
                return self.stat(key)

    prepare_folder("disk", tmp_path)
    with pytest.raises(LockNotEnforced):
        Careless("disk", tmp_path).prove_lock(datetime.now(UTC))
