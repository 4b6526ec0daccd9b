"""Runs a command with the system calls `deploy/vedomost.service` leaves it, without systemd.

`python tests/caged.py COMMAND…`: the filters of the unit are expanded by systemd-analyze and put
up by libseccomp; with MemoryDenyWriteExecute the kernel refuses code that was written (Linux 6.3).
"""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from errno import EPERM
from pathlib import Path

UNIT = Path(__file__).parents[1] / "deploy" / "vedomost.service"
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | EPERM  # seccomp(2)
PR_SET_MDWE = 65
PR_MDWE_REFUSE_EXEC_GAIN = 1


def allowed(unit: str) -> set[str]:
    """Return the names of the system calls a unit leaves."""
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    groups: dict[str, list[str]] = {}
    for line in told.splitlines():
        if line.startswith("@"):
            here = groups.setdefault(line.strip(), [])
        elif re.fullmatch(r"    [@a-z0-9_-]+", line):
            here.append(line.strip())

    def calls(word: str) -> set[str]:
        if not word.startswith("@"):
            return {word}
        return set().union(*(calls(one) for one in groups[word]))

    left: set[str] = calls("@default")
    for words in re.findall(r"^SystemCallFilter=(.+)$", unit, re.M):
        named = set().union(*(calls(word) for word in words.removeprefix("~").split()))
        left = left - named if words.startswith("~") else left | named
    return left


def cage(names: set[str]) -> None:
    """Leave this process and those it starts nothing but these system calls, for good."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(REFUSE)))
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            library.seccomp_rule_add(rules, ctypes.c_uint32(ALLOW), number, 0)
    assert library.seccomp_load(rules) == 0


if __name__ == "__main__":
    told = UNIT.read_text()
    if re.search(r"^MemoryDenyWriteExecute=yes$", told, re.M):
        ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
    cage(allowed(told))
    os.execv(sys.argv[1], sys.argv[1:])
