"""Builds the Dockerfile without an engine, in roots made by debootstrap, and starts what is inside.

Needs root. The base root stays in build/, the stages are made anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from judges.dockerfile import Instruction, Stage, stages

ROOT = Path(__file__).parent.parent
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
PASSED_ON = re.compile(r"(?i)(https?|no)_proxy|PIP_INDEX_URL|UV_DEFAULT_INDEX")  # an engine's too
CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"
PLAIN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
INERT = frozenset({"VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL"})


class Root:
    """A stage being built: a folder that processes see as their whole file system."""

    def __init__(self, path: Path, others: Mapping[str, Root]) -> None:
        self.path = path
        self.others = others
        self.environment = dict(PLAIN)
        self.user = "root"
        self.folder = "/"

    def run(self, *command: str, build: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command as the image's user, in its folder, with its environment."""
        extra = {"HOME": "/root"} if self.user == "root" else {}
        if build:
            extra |= {name: text for name, text in os.environ.items() if PASSED_ON.fullmatch(name)}
            extra |= {"SSL_CERT_FILE": "/etc/host.crt", "PIP_CERT": "/etc/host.crt"}
        change = f'cd "{self.folder}" && exec "$@"'
        done = subprocess.run(
            [
                CHROOT,
                f"--userspec={self.user}",
                self.path,
                "/bin/sh",
                "-c",
                change,
                "sh",
                *command,
            ],
            env=self.environment | extra,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def take(self, step: Instruction) -> None:
        """Carry out one instruction."""
        match step.word:
            case "RUN":
                self.run("/bin/sh", "-c", step.rest, build=True)
            case "COPY":
                self._copy(step)
            case "ENV":
                self.environment |= dict(word.split("=", 1) for word in step.arguments)
            case "USER":
                self.user = step.rest
            case "WORKDIR":
                self.folder = step.rest
                self._inside(step.rest).mkdir(parents=True, exist_ok=True)
            case word:
                assert word in INERT, f"{word} is not an instruction this test can carry out"

    def _copy(self, step: Instruction) -> None:
        *names, target = step.arguments
        place = self._inside(target)
        for name in names:
            if other := step.flags.get("from"):
                shutil.copytree(self.others[other]._inside(name), place, symlinks=True)
            elif (ROOT / name).is_dir():
                for file in tracked(name):
                    copy = place / file.relative_to(name)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / file, copy)
            else:
                shutil.copy(ROOT / name, place)

    def _inside(self, name: str) -> Path:
        return self.path / Path("/", self.folder, name).relative_to("/")


def tracked(folder: str) -> list[Path]:
    """Return what a fresh clone would hold: nothing ignored, nothing compiled."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def base_root() -> Path:
    """Return the base of every stage, made once."""
    root = ROOT / "build" / "image" / "base"
    if not (root / "etc" / "host-ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", "bookworm", root], check=True, capture_output=True
        )
        (root / "etc" / "host-ready").touch()
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    shutil.copy(AUTHORITIES, root / "etc" / "host.crt")
    return root


def built(stage: Stage, others: Mapping[str, Root]) -> Root:
    path = ROOT / "build" / "image" / (stage.name or "final")
    shutil.rmtree(path, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", base_root(), path], check=True)
    root = Root(path, others)
    for step in stage.steps:
        root.take(step)
    return root


@pytest.fixture(scope="module")
def image() -> Iterator[Root]:
    assert os.geteuid() == 0, "run it as root: debootstrap and chroot need it"
    made: dict[str, Root] = {}
    for stage in stages(ROOT / "Dockerfile"):
        made[stage.name] = built(stage, made)
    yield made[""]
    for root in made.values():
        shutil.rmtree(root.path)


def test_image_knows_its_kinds(image):
    entry = json.loads(
        next(s.rest for s in stages(ROOT / "Dockerfile")[-1].steps if s.word == "ENTRYPOINT")
    )
    said = image.run(*entry, "kinds").stdout
    for module in (ROOT / "service" / "reports").iterdir():
        if module.stem[0] not in "_.":
            assert module.stem.replace("_", "-") in said


def test_image_draws_with_its_own_libraries_and_fonts(image):
    program = (
        "from weasyprint import HTML;"
        "font = 'file:///opt/vedomost/fonts/PTSerif-Regular.ttf';"
        "style = '@font-face { font-family: PT; src: url(' + font + ') }';"
        "pdf = HTML(string=f'<style>{style} p {{ font-family: PT }}</style><p>Журнал')"
        ".write_pdf(pdf_variant='pdf/a-3u');"
        "print(pdf[:5])"
    )
    assert "%PDF-" in image.run("python", "-c", program).stdout


def test_image_writes_nowhere_but_its_data_folder(image):
    image.run("touch", "/var/lib/vedomost/probe")
    with pytest.raises(AssertionError, match="Permission denied"):
        image.run("touch", "/opt/vedomost/service/probe.py")


def test_image_runs_as_nobody_special(image):
    assert image.run("id", "-un").stdout.strip() == "vedomost"
