"""The set-up of compose.yaml at work: nginx, TLS, two hosts, two stores, PostgreSQL."""

from __future__ import annotations

import base64
import gzip
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from region import HOST, PATIENCE, Region
from town import CLASS, PASSPHRASE, SCHOOL, SNAPSHOT, TERM, TOKENS

from service.web.jobs.following import MOST
from service.web.jobs.news import HEARTBEAT
from service.web.serving.receiving import PATIENCE as PATIENT
from signing.authority import Authority
from signing.keys import Pkcs12Key

pytestmark = [pytest.mark.xdist_group("region"), pytest.mark.timeout(180)]

SLOW = 50  # clients that send a byte a second
ROLES = {"journal": "system", "deputy": "deputy", "director": "director"}
PEOPLE = """
[schools.{school}]
signatories = [
  {{ role = "deputy", name = "Громова Ольга Ивановна" }},
  {{ role = "director", name = "Светлова Анна Юрьевна", certificate_sha256 = "{pin}" }},
]
"""


class Journal:
    """A client of the region, outside of the proxy."""

    def __init__(self, region: Region, authority: Authority) -> None:
        self.region = region
        self.authority = authority
        self.trusted = ssl.create_default_context(
            cafile=str(region.deploy / "secret" / "tls" / "certificate.pem")
        )
        self.port = region.port("proxy", "8443")
        self.http = self.client(self.trusted)
        self.events: list[str] = []  # of the first order: one before anybody worked, then others

    def client(self, trusted: ssl.SSLContext) -> httpx.Client:
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.port}",
            headers={"Host": HOST},
            verify=trusted,
            timeout=PATIENCE,
            trust_env=False,
        )

    def send(self, who: str | None, method: str, path: str, **sent: Any) -> httpx.Response:
        headers = dict(sent.pop("headers", {}))
        if who:
            headers["Authorization"] = f"Bearer {TOKENS[who]}"
        http = sent.pop("http", self.http)
        named = {"sni_hostname": HOST}
        return http.request(method, path, headers=headers, extensions=named, **sent)

    def ask(self, who: str, method: str, path: str, **sent: Any) -> httpx.Response:
        answer = self.send(who, method, path, **sent)
        assert answer.is_success, answer.text
        return answer

    def post_snapshot(self, body: bytes = SNAPSHOT) -> str:
        answer = self.ask(
            "journal",
            "POST",
            f"/v1/schools/{SCHOOL}/snapshots",
            content=gzip.compress(body),
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        )
        return str(answer.json()["id"])

    def order(self, snapshot: str, kind: str, prefer: str = "") -> dict[str, Any]:
        wanted = {"snapshot": snapshot, "kind": kind, "class": CLASS}
        wanted |= {"term": TERM} if kind == "class-results" else {}
        path = f"/v1/schools/{SCHOOL}/jobs"
        headers = {"Prefer": prefer} if prefer else {}
        return dict(self.ask("journal", "POST", path, json=wanted, headers=headers).json())

    def follow_the_first_order(self) -> None:
        """Order something and start the workers once its first event has come."""
        snapshot = self.post_snapshot(SNAPSHOT.replace(b'"4.33"', b'"4.34"'))
        path = f"/v1/jobs/{self.order(snapshot, 'class-results')['id']}/events"
        headers = {"Authorization": f"Bearer {TOKENS['journal']}"}
        named = {"sni_hostname": HOST}
        with self.http.stream("GET", path, headers=headers, extensions=named) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            told = (line for line in stream.iter_lines() if line.startswith("event:"))
            self.events.append(next(told))
            for service in ("worker-1", "worker-2"):
                self.region.start(service)
            self.events += told

    def sign(self, document: str, role: str) -> None:
        key = Pkcs12Key.open(self.authority.pkcs12(role, PASSPHRASE), PASSPHRASE)
        chain = [base64.b64encode(one.dump()).decode() for one in (key.certificate, *key.chain)]
        sent = {"role": role, "certificates": chain}
        begun = self.ask(role, "POST", f"/v1/documents/{document}/signatures", json=sent).json()
        value = base64.b64encode(key.sign(base64.b64decode(begun["to_sign"]))).decode()
        self.ask(role, "PUT", f"/v1/signatures/{begun['id']}", json={"value": value})

    def until_archived(self, document: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while True:
            told = self.ask("journal", "GET", f"/v1/documents/{document}").json()
            if told["state"] == "archived":
                return dict(told)
            assert time.monotonic() < until, told
            time.sleep(0.2)

    def wire(self) -> ssl.SSLSocket:
        """Return a connection to the proxy whose bytes one sends oneself."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return self.trusted.wrap_socket(plain, server_hostname=HOST)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Journal]:
    region = Region(tmp_path_factory.mktemp("region"))
    settings = region.deploy / "vedomost.toml"
    pin = sha256(authority.certificate("director").dump()).hexdigest()
    text = settings.read_text().replace("http://tsa.example/tsr", authority.timestamp_url)
    settings.write_text(text + PEOPLE.format(school=SCHOOL, pin=pin) + _tokens())
    authority.export_anchors(region.deploy / "trust")
    try:
        for store in ("store-a", "store-b"):
            region.start_store(store)
        region.start_database()
        for store in ("store-a", "store-b"):
            region.until_open(store, "8333")
        region.once("prepare")
        region.start("web")
        region.until_open("web", "8000")
        region.start_proxy()
        region.until_open("proxy", "8443")
        made = Journal(region, authority)
        with made.http:
            made.follow_the_first_order()
            yield made
    finally:
        region.stop()


def _tokens() -> str:
    return "\n".join(
        f'[[tokens]]\nid = "{who}"\nsha256 = "{sha256(TOKENS[who].encode()).hexdigest()}"\n'
        f'school = "{SCHOOL}"\nroles = ["{role}"]'
        for who, role in ROLES.items()
    )


@pytest.fixture(scope="module")
def archived(journal: Journal) -> dict[str, Any]:
    """A document that went the whole road."""
    job = journal.order(journal.post_snapshot(), "class-results", "wait=60")
    assert job["state"] == "done", job
    for role in ("deputy", "director"):
        journal.sign(job["document"], role)
    return journal.until_archived(job["document"])


def test_everything_is_well(journal: Journal) -> None:
    for service in ("worker-1", "worker-2"):
        journal.region.until_open(service, "9100")
        journal.region.require_healthy(service)
    until = time.monotonic() + PATIENCE
    while (told := journal.send(None, "GET", "/readyz").json())["status"] != "ok":
        assert time.monotonic() < until, told
        time.sleep(0.2)


def test_events_come_one_by_one(journal: Journal) -> None:
    assert journal.events[0] == "event: progress"
    assert journal.events[-1] == "event: end"


def test_signed_document_lies_in_both_stores(journal: Journal, archived: dict[str, Any]) -> None:
    path = f"/v1/documents/{archived['id']}"
    report = journal.ask("journal", "GET", f"{path}/verification").json()
    assert report["valid"] is True, report
    held = journal.ask("journal", "GET", f"{path}/copies").json()
    for file in held["files"]:
        assert {one["store"] for one in file["copies"]} == {"store-a", "store-b"}
        assert {one["mode"] for one in file["copies"]} == {"COMPLIANCE"}


def test_parts_of_a_file_come_through(journal: Journal, archived: dict[str, Any]) -> None:
    path = f"/v1/documents/{archived['id']}/pdf"
    whole = journal.ask("journal", "GET", path)
    part = journal.ask("journal", "GET", path, headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole.content)}"
    assert part.content == whole.content[1000:2000]
    unchanged = {"If-None-Match": whole.headers["ETag"]}
    assert journal.send("journal", "GET", path, headers=unchanged).status_code == 304


def test_waiting_is_shorter_than_the_proxy_is_patient(journal: Journal) -> None:
    (patience,) = re.findall(
        r"proxy_read_timeout (\d+)s", (journal.region.deploy / "nginx.conf").read_text()
    )
    assert max(HEARTBEAT, MOST) < int(patience)
    assert max(HEARTBEAT, MOST) < PATIENCE * 2


def test_too_much_is_refused_in_our_words(journal: Journal) -> None:
    answer = journal.send(
        "journal",
        "POST",
        f"/v1/schools/{SCHOOL}/snapshots",
        content=bytes((64 << 20) + 1),
        headers={"Content-Type": "application/json"},
    )
    assert_problem(answer, 413, "too-large")
    bomb = gzip.compress(b" " * ((64 << 20) + 1), 1)
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    path = f"/v1/schools/{SCHOOL}/snapshots"
    assert_problem(
        journal.send("journal", "POST", path, content=bomb, headers=packed), 413, "too-large"
    )
    assert_problem(journal.send(None, "TRACE", "/v1/kinds"), 400, "bad-request")


@pytest.mark.parametrize(
    ("first", "more", "status", "code"),
    [
        (f"GET /?{'x' * 9000} HTTP/1.1", "", 414, "uri-too-long"),
        ("GET / HTTP/1.1", f"A: {'x' * 9000}\r\n", 431, "headers-too-large"),
        ("POST / HTTP/1.1", "Transfer-Encoding: zip\r\n", 501, "transfer-coding-unknown"),
        ("GET / HTTP/3.0", "", 505, "http-version-unknown"),
        ("nonsense", "", 400, "bad-request"),
        ("GET /../v1 HTTP/1.1", "", 400, "bad-request"),
        ("GET //v1/kinds HTTP/1.1", "", 404, "not-found"),
    ],
)
def test_what_is_no_request_is_refused_in_our_words(
    journal: Journal, first: str, more: str, status: int, code: str
) -> None:
    with journal.wire() as wire:
        wire.sendall(f"{first}\r\nHost: {HOST}\r\nConnection: close\r\n{more}\r\n".encode())
        read = b"".join(iter(lambda: wire.recv(1 << 16), b""))
    head, _, body = read.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    answer = httpx.Response(status, headers=[(name, told) for name, told in lines], content=body)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert_problem(answer, status, code)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"] == f"/v1/docs#problem-{code}"
    assert re.search("[а-я]", told["title"])
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Request-Id"]


def test_requests_keep_their_ids_and_connections_are_safe(journal: Journal) -> None:
    named = journal.send(None, "GET", "/livez", headers={"X-Request-Id": "journal-20261122"})
    assert named.headers["X-Request-Id"] == "journal-20261122"
    strange = journal.send(None, "GET", "/livez", headers={"X-Request-Id": "a b"})
    assert re.fullmatch(r"[0-9a-f]{32}", strange.headers["X-Request-Id"])
    assert strange.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "nginx/" not in strange.headers["Server"]

    plain = httpx.get(
        f"http://127.0.0.1:{journal.region.port('proxy', '8080')}/v1/kinds?limit=1",
        headers={"Host": HOST},
        timeout=PATIENCE,
    )
    assert plain.status_code == 308
    assert plain.headers["Location"] == f"https://{HOST}/v1/kinds?limit=1"
    for version, taken in (("tls1_1", False), ("tls1_2", True), ("tls1_3", True)):
        assert speaks(journal.port, version) is taken, version


def speaks(port: int, version: str) -> bool:
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", f"-{version}"]
    command += ["-cipher", "DEFAULT@SECLEVEL=0"]
    told = subprocess.run(command, input=b"", capture_output=True, check=False)
    return told.returncode == 0


def test_figures_are_not_for_outside(journal: Journal) -> None:
    assert journal.send(None, "GET", "/metrics").status_code == 404
    inside = journal.region.port("web", "9100")
    told = httpx.get(f"http://127.0.0.1:{inside}/metrics", timeout=PATIENCE).text
    assert "vedomost_http_requests" in told
    site = (journal.region.folder / "site.conf").read_text()
    assert f":{inside}" not in site


def test_a_certificate_counts_from_the_proxy_alone(journal: Journal, tmp_path: Path) -> None:
    der = journal.authority.certificate("director").dump()
    forged = f":{base64.b64encode(der).decode()}:"
    for name in ("Client-Cert", "client_cert", "X-Client-Cert"):
        answer = journal.send(None, "GET", "/v1/documents", headers={name: forged})
        assert answer.status_code == 401, name
    direct = f"http://127.0.0.1:{journal.region.port('web', '8000')}"
    with httpx.Client(
        base_url=direct, transport=httpx.HTTPTransport(local_address="127.0.0.9")
    ) as past:
        said = past.get("/v1/documents", headers={"Client-Cert": forged})
        assert said.status_code == 401
        assert "только от прокси" in said.json()["detail"]

    with journal.client(_with_certificate(journal, "director", tmp_path)) as director:
        answer = journal.send(None, "GET", "/v1/documents", http=director)
        assert answer.status_code == 200, answer.text
    with journal.client(_with_certificate(journal, "stranger", tmp_path)) as stranger:
        assert journal.send(None, "GET", "/v1/documents", http=stranger).status_code == 401
    with journal.client(_with_certificate(journal, "expired", tmp_path)) as expired:
        refused = journal.send(None, "GET", "/v1/documents", http=expired)
        assert_problem(refused, 400, "bad-request")
        assert "Сертификат клиента просрочен" in refused.json()["detail"]


def _with_certificate(journal: Journal, who: str, folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(
        cafile=str(journal.region.deploy / "secret" / "tls" / "certificate.pem")
    )
    (folder / "who.p12").write_bytes(journal.authority.pkcs12(who, PASSPHRASE))
    file = folder / f"{who}.pem"
    command = ["openssl", "pkcs12", "-in", folder / "who.p12", "-nodes", "-clcerts", "-out", file]
    subprocess.run([*command, "-passin", f"pass:{PASSPHRASE}"], check=True, capture_output=True)
    context.load_cert_chain(file)
    return context


def test_forwarded_addresses_are_the_proxys_own(journal: Journal) -> None:
    """Strangers are counted by address: a claimed one gives no fresh allowance."""
    left = [
        int(
            re.findall(
                r"r=(\d+)",
                journal.send(
                    None,
                    "GET",
                    "/v1/kinds",
                    headers={
                        "X-Forwarded-For": f"198.51.100.{n}",
                        "Forwarded": f"for=198.51.100.{n}",
                    },
                ).headers["RateLimit"],
            )[0]
        )
        for n in range(20)
    ]
    assert min(left) <= max(left) - 6  # two processes count, each for itself


def test_slow_clients_hold_nobody_up(journal: Journal) -> None:
    head = (
        f"POST /v1/schools/{SCHOOL}/snapshots HTTP/1.1\r\nHost: {HOST}\r\n"
        f"Authorization: Bearer {TOKENS['journal']}\r\nContent-Type: application/json\r\n"
        "Content-Length: 100000\r\n\r\n"
    ).encode()
    stop = Event()
    with ExitStack() as opened:
        wires = [opened.enter_context(journal.wire()) for _ in range(SLOW)]
        for wire in wires:
            wire.sendall(head)

        def drip() -> None:
            while not stop.wait(1):
                for wire in wires:
                    wire.sendall(b" ")

        slow = Thread(target=drip)
        slow.start()
        try:
            took = [quick(journal) for _ in range(20)]
        finally:
            stop.set()
            slow.join()
    assert max(took) < PATIENT, took


def quick(journal: Journal) -> float:
    began = time.monotonic()
    journal.ask("journal", "GET", "/v1/documents?limit=1")
    return time.monotonic() - began


def test_one_host_goes_on_without_the_other(journal: Journal) -> None:
    journal.region.kill("worker-1")
    snapshot = journal.post_snapshot(SNAPSHOT.replace(b'"4.33"', b'"4.35"'))
    job = journal.order(snapshot, "class-results", "wait=60")
    assert job["state"] == "done"


def test_a_restart_is_told_as_one(journal: Journal) -> None:
    journal.region.kill("web")
    answer = journal.send("journal", "GET", "/v1/documents")
    assert_problem(answer, 503, "service-away")
    assert int(answer.headers["Retry-After"]) <= 10
    journal.region.start("web")
    until = time.monotonic() + PATIENCE
    while (answer := journal.send("journal", "GET", "/v1/documents")).status_code != 200:
        assert_problem(answer, 503, "service-away")
        assert time.monotonic() < until
        time.sleep(0.2)


def test_logs_name_nobody(journal: Journal, archived: dict[str, Any]) -> None:
    journal.send("journal", "GET", "/v1/documents?cursor=secret-cursor")
    said = "".join(file.read_text() for file in journal.region.folder.glob("*.log"))
    assert archived["id"] in said
    assert "secret-cursor" not in said
    assert not any(token in said for token in TOKENS.values())
    assert not any(name in said for name in ("Громова", "Светлова"))
