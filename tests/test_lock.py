"""The lock pins, with hashes and no host, everything the project asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; .+)? \\(?P<hashes>(?:\n +--hash=.+)+)", re.M)


def pins() -> dict[str, list[str]]:
    """Every pinned version by name; a platform may have its own."""
    found: dict[str, list[str]] = {}
    for match in PIN.finditer(LOCK):
        found.setdefault(match["name"], []).append(match["version"])
    return found


def asked() -> list[str]:
    project = PROJECT["project"]
    return [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
        *(line for group in PROJECT["dependency-groups"].values() for line in group),
        *PROJECT["build-system"]["requires"],
    ]


@pytest.mark.parametrize("line", asked())
def test_pinned_version_is_one_the_project_allows(line: str) -> None:
    requirement = Requirement(line)
    versions = pins().get(canonicalize_name(requirement.name), [])
    assert versions, f"{line} is not in requirements.lock: make lock"
    assert all(version in requirement.specifier for version in versions), f"{line}: make lock"


def test_every_line_of_the_lock_is_a_pin_or_its_hash() -> None:
    for line in LOCK.splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line), line
    assert len(PIN.findall(LOCK)) == sum(not line.startswith(" ") for line in LOCK.splitlines())
