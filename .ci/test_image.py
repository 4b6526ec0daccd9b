"""Builds the Dockerfile without an engine, in roots made by debootstrap, and starts what is inside.

Needs root. The base root stays in build/, the stages are made anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from judges.dockerfile import Instruction, Stage, stages

from service.reports import catalogue

ROOT = Path(__file__).parent.parent
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
PASSED_ON = re.compile(r"(?i)(https?|no)_proxy|PIP_INDEX_URL|UV_DEFAULT_INDEX")  # an engine's too
CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"
UNSHARE = shutil.which("unshare") or "/usr/bin/unshare"
PLAIN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
SETTINGS = """
[stores.primary]
kind = "folder"
name = "a"
path = "/var/lib/vedomost/a"
[stores.replica]
kind = "folder"
name = "b"
path = "/var/lib/vedomost/b"
[schools."school-1"]
"""
INERT = frozenset({"VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL"})


class Root:
    """A stage being built: a folder that processes see as their whole file system."""

    def __init__(self, path: Path, others: Mapping[str, Root]) -> None:
        self.path = path
        self.others = others
        self.environment = dict(PLAIN)
        self.user = "root"
        self.folder = "/"

    def start(self, *command: str, **extra: str) -> subprocess.Popen[str]:
        """Start a command as the image's user, in its folder, with its environment.

        Its mounts are its own: nothing is left of them when it ends.
        """
        mounts = (
            f'mount -t proc proc "{self.path}/proc" && mount -t tmpfs shm "{self.path}/dev/shm"'
        )
        outside = ["/bin/sh", "-c", f'{mounts} && exec "$@"', "sh"]
        inside = ["/bin/sh", "-c", f'cd "{self.folder}" && exec "$@"', "sh"]
        root = [CHROOT, f"--userspec={self.user}", str(self.path)]
        return subprocess.Popen(
            [UNSHARE, "--mount", *outside, *root, *inside, *command],
            env=self.environment | extra,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str, **extra: str) -> str:
        """Return what a command says; it must succeed."""
        process = self.start(*command, **extra)
        said, _ = process.communicate()
        assert process.returncode == 0, f"{command}\n{said[-3000:]}"
        return said

    def take(self, step: Instruction) -> None:
        """Carry out one instruction."""
        match step.word:
            case "RUN":
                self.run("/bin/sh", "-c", step.rest, HOME="/root", **passed_on())
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


def passed_on() -> dict[str, str]:
    """Return what a step of the build learns of this machine: the way to the registry."""
    found = {name: text for name, text in os.environ.items() if PASSED_ON.fullmatch(name)}
    return found | {"SSL_CERT_FILE": "/etc/host.crt", "PIP_CERT": "/etc/host.crt"}


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


def instruction(word: str) -> str:
    """Return what the image's only such instruction says."""
    (rest,) = [step.rest for step in stages(ROOT / "Dockerfile")[-1].steps if step.word == word]
    return rest


def authority() -> bytes:
    """Return a certificate of an authority, good enough to trust for a minute."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def test_image_knows_its_kinds(image):
    said = image.run(*json.loads(instruction("ENTRYPOINT")), "kinds")
    for kind in catalogue():
        assert kind in said


def test_image_draws_with_its_own_libraries_and_fonts(image):
    program = """
from weasyprint import HTML
font = "file:///opt/vedomost/fonts/PTSerif-Regular.ttf"
style = "@font-face { font-family: PT; src: url(" + font + ") } p { font-family: PT }"
print(HTML(string=f"<style>{style}</style><p>Журнал").write_pdf(pdf_variant="pdf/a-3u")[:5])
"""
    assert "%PDF-" in image.run("python", "-c", program)


def test_image_writes_nowhere_but_its_data_folder(image):
    image.run("touch", "/var/lib/vedomost/probe")
    with pytest.raises(AssertionError, match="Permission denied"):
        image.run("touch", "/opt/vedomost/service/probe.py")


def test_image_runs_as_nobody_special(image):
    assert image.run("id", "-un").strip() == "vedomost"


def test_image_serves_and_knows_that_it_does(image):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    settings = Path(image.environment["VEDOMOST_SETTINGS"])
    place = image.path / settings.relative_to("/")
    place.parent.mkdir(parents=True)
    place.write_text(SETTINGS)
    trust = place.parent / "trust"
    trust.mkdir()
    (trust / "authority.pem").write_bytes(authority())
    health = json.loads(instruction("HEALTHCHECK").split(" CMD ")[1].replace("8000", port))
    command = json.loads(instruction("ENTRYPOINT")) + json.loads(instruction("CMD"))
    service = image.start(*command, VEDOMOST_WEB__LISTEN=f"127.0.0.1:{port}")
    try:
        for _ in range(60):
            asked = image.start(*health)
            asked.communicate()
            if asked.returncode == 0 or service.poll() is not None:
                break
            time.sleep(1)
    finally:
        service.terminate()
        said, _ = service.communicate(timeout=60)
    assert asked.returncode == 0, said
    assert service.returncode == 0, said
