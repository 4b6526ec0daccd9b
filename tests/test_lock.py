"""The lock pins, with hashes and no host, everything the project asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
HASH = r"\n    --hash=sha256:[0-9a-f]{64}"
PIN = re.compile(rf"^([a-z0-9-]+)==(\S+)(?: ; .+)? \\(?:{HASH} \\)*{HASH}$", re.M)


def asked() -> list[str]:
    project = PROJECT["project"]
    return [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
        *(
            line
            for group in PROJECT["dependency-groups"].values()
            for line in group
            if isinstance(line, str)  # a table includes another group
        ),
        *PROJECT["build-system"]["requires"],
    ]


@pytest.mark.parametrize("line", asked())
def test_pinned_version_is_one_the_project_allows(line):
    requirement = Requirement(line)
    name = canonicalize_name(requirement.name)
    versions = [version for pinned, version in PIN.findall(LOCK) if pinned == name]
    assert versions, f"{line} is not in requirements.lock: make lock"
    assert all(version in requirement.specifier for version in versions), f"{line}: make lock"


def test_lock_is_nothing_but_pins_and_their_hashes():
    assert PIN.sub("", LOCK).strip() == ""
