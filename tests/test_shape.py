"""The tree keeps its shape: small files with plain names, and nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from service.reports import catalogue

ROOT = Path(__file__).parent.parent
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    check=True,
    capture_output=True,
    text=True,
).stdout.splitlines()
FILES = [ROOT / name for name in LISTED if (ROOT / name).is_file()]
MODULES = [file for file in FILES if file.suffix == ".py"]
OURS = [file for file in MODULES if file.relative_to(ROOT).parts[0] in {"service", "signing"}]
MADE = [ROOT / "service" / "client" / name for name in ("told.py", "operations.py")]
TEXTS = [
    file
    for file in FILES
    if file.suffix
    not in {".ttf", ".otf", ".woff2", ".icc", ".png", ".pdf", ".docx", ".p12", ".lock"}
]

# Spelled in two halves so that this file does not find itself.
FOREIGN = {
    "a path of one machine": r"(?<!\w)/(wo" r"rk|ro" r"ot|ho" r"me/[a-z]+|Us" r"ers)/",
    "a folder beside the project": r"\.\./sha" "red",
    "a registry host": "py" r"pi\.org|python" r"hosted\.org|reg" r"istry\.npmjs|dl\.min\.io",
    "unfinished work": r"\bTO" r"DO\b|\bFIX" r"ME\b|\bXX" r"X\b|raise NotImpl" "emented",
    "a skipped test": r"pytest\.(sk" r"ip|imp" r"ortorskip)|mark\.(sk" r"ip|xf" "ail)",
}


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def where(pattern: str, files: list[Path]) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if found.search(line)
    ]


def test_there_is_a_tree_to_look_at():
    assert len(OURS) > 50
    assert len(TEXTS) > len(MODULES) > len(OURS)


def test_no_module_outgrows_its_room():
    written = [file for file in OURS if file not in MADE]
    assert {str(file.relative_to(ROOT)): lines(file) for file in written if lines(file) > 300} == {}


def test_modules_are_named_for_what_they_are():
    vague = {"utils", "util", "helpers", "misc", "common", "base", "manager", "tools", "core"}
    assert [file for file in OURS if vague & {file.stem, *file.relative_to(ROOT).parts}] == []


def test_every_module_says_what_it_is_about():
    mute = [file for file in MODULES if lines(file) and not ast.get_docstring(parsed(file))]
    assert mute == []


@pytest.mark.parametrize("what", FOREIGN)
def test_tree_is_free_of(what):
    assert where(FOREIGN[what], TEXTS) == []


def test_nothing_is_printed_but_by_the_command_line():
    silent = [file for file in OURS if file.relative_to(ROOT).parts[1] not in {"cli", "demo"}]
    assert where(r"^\s*print\(|\bsys\.stdout\.write", silent) == []


def test_templates_belong_to_a_kind_or_to_all():
    folders = {
        file.relative_to(ROOT).parts[1] for file in TEXTS if file.is_relative_to(ROOT / "templates")
    }
    assert folders - {"shared", "console"} <= set(catalogue())


@pytest.mark.parametrize("kind", catalogue())
def test_kind_has_a_golden_file(kind):
    assert (ROOT / "tests" / "reports" / f"{kind}.txt").read_text().strip()
