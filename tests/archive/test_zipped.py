"""A ZIP written while it is sent: whole for every reader, the same every time, small in memory."""

from __future__ import annotations

import os
import subprocess
import tracemalloc
import zipfile
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from service.archive.zipped import LARGEST, MOST, Member, size_of, zipped

AT = datetime(2027, 6, 1, 12, 30, 2, tzinfo=UTC)
BODIES = {
    "manifest.json": b"{}",
    "2026-2027/8А/Классный журнал.pdf": b"%PDF" * 1000,
    "2026-2027/8А/пустой.docx": b"",
}


def members(bodies: dict[str, bytes]) -> list[Member]:
    return [Member(name, len(body), partial(bytes, body)) for name, body in bodies.items()]


def test_every_member_is_there_and_the_size_was_known() -> None:
    made = members(BODIES)
    body = b"".join(zipped(made, AT))
    assert len(body) == size_of(made)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == BODIES
        for entry in archive.infolist():
            assert entry.date_time == (2027, 6, 1, 12, 30, 2)
            assert entry.flag_bits in {0, 0x800}  # UTF-8 where needed, no record after the body
            assert entry.flag_bits == 0x800 or entry.filename.isascii()
    assert body == b"".join(zipped(members(BODIES), AT))


def test_another_program_reads_it_from_a_stream(tmp_path: Path) -> None:
    body = b"".join(zipped(members(BODIES), AT))
    utf8 = os.environ | {"LC_ALL": "C.UTF-8"}
    subprocess.run(["jar", "x"], input=body, cwd=tmp_path, env=utf8, check=True)
    assert {name: (tmp_path / name).read_bytes() for name in BODIES} == BODIES


def test_one_member_is_in_memory_at_a_time() -> None:
    size = 4 << 20
    many = [Member(f"{number}", size, partial(bytes, size)) for number in range(40)]
    written = 0
    tracemalloc.start()
    for piece in zipped(many, AT):
        written += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written == size_of(many)
    assert peak < 5 * size


def test_size_that_only_writing_tells() -> None:
    assert size_of([Member("a", LARGEST, bytes)]) is None
    assert size_of([Member("a", 0, bytes)] * MOST) is None
