"""The image holds what the service needs and nothing a school should not run."""

from __future__ import annotations

import json
import re
from pathlib import Path

from judges.dockerfile import Instruction, stages

ROOT = Path(__file__).parent.parent
BUILD, IMAGE = stages(ROOT / "Dockerfile")


def steps(word: str) -> list[Instruction]:
    return [step for step in IMAGE.steps if step.word == word]


def test_bases_are_one_pinned_release():
    assert {BUILD.base, IMAGE.base} == {BUILD.base}
    assert re.fullmatch(r"debian:12\.\d+-slim", IMAGE.base)


def test_image_has_the_libraries_the_machine_must_have_and_python():
    listed = (ROOT / ".ci" / "packages").read_text()
    needed = set(re.findall(r"^run +(\S+)", listed, re.M)) | {"python3"}
    (install,) = [step for step in steps("RUN") if "apt-get" in step.rest]
    assert set(re.findall(r"(?<=--no-install-recommends )[^&]+", install.rest)[0].split()) == needed


def test_everything_from_the_registry_is_checked_by_hash():
    installs = [
        command
        for step in BUILD.steps
        for command in step.rest.split("&&")
        if re.search(r"pip install", command)
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--offline" in line for line in installs)


def test_copied_files_are_let_through_to_the_engine():
    allowed = set((ROOT / ".dockerignore").read_text().split())
    for step in BUILD.steps:
        if step.word == "COPY":
            for name in step.arguments[:-1]:
                assert (ROOT / name).exists()
                assert f"!{name}" in allowed


def test_service_runs_as_nobody_special_and_tells_how_it_is():
    (user,) = steps("USER")
    assert user.rest not in {"root", "0"}
    (health,) = steps("HEALTHCHECK")
    assert "/livez" in health.rest
    json.loads(health.rest.split(" CMD ")[1])
    (entry,) = steps("ENTRYPOINT")
    assert json.loads(entry.rest) == ["vedomost"]
