"""The set-up of compose.yaml on this machine without an engine: every service by its own command.

A container becomes a process, its volumes folders, a network's name and port a port of the
loopback, an address the loopback's. All of it is read from compose.yaml, the Dockerfile and
`deploy/`: whoever names a service, port, file or secret that is not there finds nobody.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import yaml
from judges.dockerfile import stages

from service.demo import children
from signing.authority.ports import kept_port

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKER = stages(ROOT / "Dockerfile")[-1].steps
HOST = "journal.example"
PATIENCE = 60.0
S3 = "8333"
INNER = ("master.port", "volume.port", "filer.port", "admin.port")
GRPC = 10_000  # a port of SeaweedFS and that of its gRPC


@dataclass
class Region:
    """What runs, where, and the files it was given."""

    folder: Path
    ports: dict[tuple[str, str], int] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    elsewhere: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deploy = self.folder / "deploy"
        kept = shutil.ignore_patterns("secret", "trust")
        shutil.copytree(ROOT / "deploy", self.deploy, ignore=kept)
        subprocess.run([self.deploy / "secrets", HOST], check=True, capture_output=True)
        for store in ("store-a", "store-b"):
            self.ports[store, S3] = _block_of_ports()
        for name in ("vedomost.toml", "secret/database"):
            file = self.deploy / name
            file.write_text(self.here(file.read_text()))

    def port(self, service: str, inside: str) -> int:
        """Return the port of this machine that stands for one of a container."""
        return self.ports.setdefault((service, inside), kept_port())

    def here(self, text: str) -> str:
        """Return a text of the set-up with names and addresses of its networks as they are here."""
        for one in SERVICES.values():
            networks = one.get("networks", ())
            for network in networks.values() if isinstance(networks, dict) else ():
                if address := network.get("ipv4_address"):
                    text = text.replace(address, "127.0.0.1")
        names = "|".join(SERVICES)
        text = text.replace("@database/", "@database:5432/")
        return re.sub(rf"\b({names}):(\d+)\b", lambda m: f"127.0.0.1:{self.port(m[1], m[2])}", text)

    def inside(self, service: str, text: str) -> str:
        """Return a text of a service with what its container has as it is here."""
        mounts = self.mounts(service)
        if mounts:
            places = "|".join(re.escape(place) for place in mounts)
            text = re.sub(rf"({places})(?=[/,;\s\"]|$)", lambda m: str(mounts[m[1]]), text)
        return re.sub(
            r"\b0\.0\.0\.0:(\d+)", lambda m: f"127.0.0.1:{self.port(service, m[1])}", text
        )

    def mounts(self, service: str) -> dict[str, Path]:
        """Return what lies at which place of a container, volumes as folders."""
        found = {}
        for volume in SERVICES[service].get("volumes", ()):
            source, place, *_ = volume.split(":")
            if source.startswith("./"):
                found[place] = self.folder / source
            else:
                assert source in COMPOSE["volumes"], volume
                found[place] = self.folder / "volumes" / source
                found[place].mkdir(parents=True, exist_ok=True)
        for secret in SERVICES[service].get("secrets", ()):
            given = secret if isinstance(secret, dict) else {"source": secret, "target": secret}
            file = COMPOSE["secrets"][given["source"]]["file"]
            found[f"/run/secrets/{given['target']}"] = self.folder / file
        return found

    def environment(self, service: str) -> dict[str, str]:
        """Return what a service finds in its environment: the image's, files', its own."""
        one, told = SERVICES[service], {}
        if one.get("build") == ".":
            told = dict(
                word.split("=", 1)
                for step in DOCKER
                if step.word == "ENV"
                for word in step.arguments
            )
            del told["PATH"]
        for file in one.get("env_file", ()):
            lines = (self.folder / file).read_text().splitlines()
            told |= dict(line.split("=", 1) for line in lines)
        told |= one.get("environment", {})
        return {name: self.inside(service, value) for name, value in told.items()}

    def start(self, service: str) -> None:
        """Start a service of ours by its own command."""
        command = [sys.executable, "-m", "service", *SERVICES[service]["command"]]
        here = {"VEDOMOST_WORKER__PROCESSES": "1"}  # a machine for all of it
        self._start(service, command, self.environment(service) | here)

    def once(self, service: str) -> str:
        """Return what a service says that ends by itself; it must succeed."""
        told = subprocess.run(
            [sys.executable, "-m", "service", *SERVICES[service]["command"]],
            env=os.environ | self.environment(service),
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        return told.stdout

    def start_store(self, service: str) -> None:
        """Start an S3 server; only its ports and sockets are chosen here."""
        program, *flags = SERVICES[service]["command"]
        folder = self.mounts(service)["/data"]
        first = self.ports[service, S3]
        flags = [self.inside(service, flag) for flag in flags]
        flags = [flag.replace("ip.bind=0.0.0.0", "ip.bind=127.0.0.1") for flag in flags]
        flags = [flag.replace(f"s3.port={S3}", f"s3.port={first}") for flag in flags]
        flags += [f"-{name}={first + n}" for n, name in enumerate(INNER, 1)]
        flags += [f"-s3.port.grpc={first + GRPC}"]
        flags += [f"-{name}.localSocket={folder / name}.sock" for name in ("filer", "s3")]
        weed = Path(sys.executable).with_name("weed")
        environment = self.environment(service) | {"TMPDIR": str(folder)}
        self._start(service, [str(weed), program, *flags], environment)

    def start_database(self) -> None:
        """Start PostgreSQL as its image does: a user with a password, a database of its own."""
        told = self.environment("database")
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        home = Path(mkdtemp(prefix="vedomost-pg-"))  # the server is somebody else
        self.elsewhere.append(home)
        owner = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        password = Path(told["POSTGRES_PASSWORD_FILE"]).read_text()
        (home / "password").write_text(password)
        for place in (home, home / "password"):
            shutil.chown(place, owner)
        user, database = told["POSTGRES_USER"], told["POSTGRES_DB"]
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            home / "data",
            "-U",
            user,
            "--no-sync",
        ]
        initdb += [f"--pwfile={home / 'password'}", *told["POSTGRES_INITDB_ARGS"].split()]
        clean = {"PATH": "/usr/bin:/bin"}
        subprocess.run(initdb, check=True, user=owner, cwd=home, env=clean, capture_output=True)
        port = self.port("database", "5432")
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            home / "data",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
        ]
        command += ["-k", home, "-c", "fsync=off"]
        with (self.folder / "database.log").open("ab") as log:
            self.running["database"] = subprocess.Popen(
                command, stdout=log, stderr=log, user=owner, cwd=home, env=clean
            )
        self.until_open("database", "5432")
        address = f"postgresql://{user}:{password}@127.0.0.1:{port}/postgres"
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {database}")
                return
            except psycopg.OperationalError:  # it starts
                assert time.monotonic() < until
                time.sleep(0.05)

    def start_proxy(self) -> None:
        """Start nginx with the very file of `deploy/`; names, ports and places are of here."""
        text = self.here((self.deploy / "nginx.conf").read_text())
        text = self.inside("proxy", text)
        text = re.sub(
            r"\blisten (\d+)", lambda m: f"listen 127.0.0.1:{self.port('proxy', m[1])}", text
        )
        (self.folder / "site.conf").write_text(text)
        temporary = self.mounts("proxy")["/tmp"]
        as_root = "user root root;" if os.getuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "\n".join(f"{kind}_temp_path {temporary / kind};" for kind in kinds)
        main = self.folder / "nginx.conf"
        main.write_text(
            f"daemon off; {as_root} pid {temporary}/nginx.pid; worker_processes 1;\n"
            f"events {{ worker_connections 1024; }}\n"
            f"http {{ {places} include {self.folder / 'site.conf'}; }}\n"
        )
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert nginx, "install nginx"
        self._start("proxy", [nginx, "-c", str(main), "-e", "stderr"], {})

    def until_open(self, service: str, inside: str) -> None:
        """Return once somebody listens on a port, as a health check asks."""
        until = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port(service, inside))) == 0:
                    return
            running = self.running[service]
            assert running.poll() is None, self.said(service)
            assert time.monotonic() < until, f"{service} does not listen: {self.said(service)}"
            time.sleep(0.05)

    def require_healthy(self, service: str) -> None:
        """Ask a service of ours how it is by the very health check of its container."""
        how, python, *rest = SERVICES[service]["healthcheck"]["test"]
        assert (how, python) == ("CMD", "python")
        asked = [
            re.sub(r"127\.0\.0\.1:(\d+)", lambda m: f"127.0.0.1:{self.port(service, m[1])}", word)
            for word in rest
        ]
        told = subprocess.run([sys.executable, *asked], capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr

    def kill(self, service: str) -> None:
        """End a service and whatever it started, at once."""
        process = self.running.pop(service)
        if service == "database":
            process.send_signal(signal.SIGQUIT)  # it ends its own processes
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop everything, the last that was started first."""
        for service in reversed(tuple(self.running)):
            self.kill(service)
        for folder in self.elsewhere:
            shutil.rmtree(folder)
        for store in ("store-a", "store-b"):
            for n in range(5):
                for file in Path("/tmp").glob(
                    f"seaweedfs-*-grpc-{self.ports[store, S3] + GRPC + n}.sock"
                ):
                    file.unlink(missing_ok=True)

    def said(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")[-3000:]

    def _start(self, service: str, command: list[str], environment: dict[str, str]) -> None:
        log = self.folder / f"{service}.log"
        self.running[service] = children.start(
            command, folder=self.folder, log=log, environment=environment
        )


def _block_of_ports() -> int:
    while True:
        first = 12_000 + 5 * secrets.randbelow(1_600)
        if all(_is_free(first + n) and _is_free(first + n + GRPC) for n in range(5)):
            return first


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
