"""A service to try things with: everything runs until Ctrl+C, tokens and keys lie in files."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event

from rich.console import Console

from service.demo.children import terminable
from service.demo.people import PASSPHRASE
from service.demo.running import Running, running
from service.domain.errors import ServiceError
from service.domain.extract import canonical
from service.domain.snapshot import School
from service.sample.school import school
from signing.errors import SigningError

FAILED = 1
ENVIRONMENT = "env"
SNAPSHOT = "snapshot.json"


def sandbox(build: Path, stores: str, listen: str | None) -> int:
    """Run a service of one sample school until Ctrl+C or SIGTERM; then stop everything.

    Under `build` lie `env` (shell variables: the address, the tokens, the class), a snapshot to
    post and, in `keys`, the deputy's and the director's key and certificate as PEM. All of it is
    for trying only: the authority is one that anybody can make.
    """
    console = Console(highlight=False)
    whole = school(classes=1, seed=1)
    build.mkdir(parents=True, exist_ok=True)
    try:
        with terminable(), running(build, stores, [whole.school], listen) as service:
            (build / SNAPSHOT).write_bytes(canonical(whole))
            _keys(build)
            _environment(build, service, whole.school, whole.classes[0].id)
            console.print(f"Служба: {service.address}", soft_wrap=True)
            console.print(f"Переменные: . {build / ENVIRONMENT}", soft_wrap=True)
            console.print("Остановить: Ctrl+C", soft_wrap=True)
            Event().wait()
    except KeyboardInterrupt:
        console.print("Остановлено: всё, что было запущено, закрыто.")
    except (ServiceError, SigningError) as error:
        console.print(f"✘ {error.title}. {error}", markup=False, soft_wrap=True)
        return FAILED
    return 0


def _environment(build: Path, service: Running, served: School, class_id: str) -> None:
    """Write the shell variables; last of all, so that whoever waits for the file finds the rest."""
    tokens = service.tokens[served.id]
    told: Mapping[str, object] = {
        "SERVER": service.address,
        "SCHOOL": served.id,
        "CLASS": class_id,
        "SYSTEM": tokens.system,
        "DEPUTY": tokens.deputy,
        "DIRECTOR": tokens.director,
        "SNAPSHOT": (build / SNAPSHOT).resolve(),
        "KEYS": (build / "keys").resolve(),
        "TRUST": service.anchors.resolve(),
    }
    lines = (f"{name}={shlex.quote(str(value))}\n" for name, value in told.items())
    ready = build / f"{ENVIRONMENT}.new"
    ready.touch(mode=0o600)
    ready.write_text("".join(lines), encoding="utf-8")
    ready.replace(build / ENVIRONMENT)


def _keys(build: Path) -> None:
    """Take the containers apart, as a signer without our programs would: by openssl."""
    folder = build / "keys"
    folder.mkdir(exist_ok=True)
    for role, container in _containers(build / "authority" / "keys"):
        opened = ["openssl", "pkcs12", "-in", str(container), "-passin", f"pass:{PASSPHRASE}"]
        for name, words in (("key", ["-nocerts", "-nodes"]), ("crt", ["-clcerts", "-nokeys"])):
            file = folder / f"{role}.{name}"
            file.touch(mode=0o600)
            subprocess.run([*opened, *words, "-out", str(file)], check=True, capture_output=True)  # noqa: S603 - our own words, no shell


def _containers(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.glob("*-0.p12")):
        yield file.stem.removesuffix("-0"), file
