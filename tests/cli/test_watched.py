"""One command runs the service, restarts what dies, and stops when told without cutting anybody.

It is watched on a document's whole road: by its log, its figures, its traces.
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.parser import text_string_to_metric_families
from town import CLASS, PASSPHRASE, SCHOOL, SNAPSHOT, TERM, TOKENS, settings_file

from signing.authority import Authority
from signing.authority.ports import kept_port
from signing.keys import Pkcs12Key

CAGED = Path(__file__).parents[1] / "caged.py"
PATIENCE = 90.0
ROLES = {"web", "worker"}
ORDERED = "POST /v1/schools/<school>/jobs"
OF_THE_KILLED = re.compile(r"resource_tracker|^  warnings\.warn")
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Collector(ThreadingHTTPServer):
    """Takes what an exporter of OTLP sends, as protobuf."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        taken = self.spans

        class Taker(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/traces"
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sent = ExportTraceServiceRequest.FromString(body)
                for resource in sent.resource_spans:
                    for scope in resource.scope_spans:
                        taken.extend(scope.spans)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Taker)

    def wait_for(self, name: str) -> None:
        """Return once a span of this name has come."""
        until = time.monotonic() + PATIENCE
        while not any(one.name == name for one in self.spans):
            assert time.monotonic() < until, f"no span {name}"
            time.sleep(0.1)


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


class Road:
    """A client that takes one document to its end."""

    def __init__(self, http: httpx.Client, authority: Authority) -> None:
        self.http = http
        self.authority = authority

    def ask(self, who: str, method: str, path: str, **sent: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKENS[who]}", "X-Request-Id": f"road-{who}"}
        answer = self.http.request(method, path, headers=headers | sent.pop("headers", {}), **sent)
        assert answer.is_success, answer.text
        return answer

    def until(self, path: str, state: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while (told := self.ask("journal", "GET", path).json())["state"] != state:
            assert time.monotonic() < until, told
            time.sleep(0.2)
        return dict(told)

    def sign(self, document: str, role: str) -> None:
        key = Pkcs12Key.open(self.authority.pkcs12(role, PASSPHRASE), PASSPHRASE)
        chain = [base64.b64encode(c.dump()).decode() for c in (key.certificate, *key.chain)]
        sent = {"role": role, "certificates": chain}
        opened = self.ask(role, "POST", f"/v1/documents/{document}/signatures", json=sent).json()
        value = base64.b64encode(key.sign(base64.b64decode(opened["to_sign"]))).decode()
        self.ask(role, "PUT", f"/v1/signatures/{opened['id']}", json={"value": value})

    def go(self) -> tuple[str, str]:
        """Return the ids of the job and the document."""
        path = f"/v1/schools/{SCHOOL}"
        posted = self.ask(
            "journal",
            "POST",
            f"{path}/snapshots",
            content=SNAPSHOT,
            headers={"Content-Type": "application/json"},
        )
        order = {"snapshot": posted.json()["id"], "kind": "class-results"}
        order |= {"class": CLASS, "term": TERM}
        parent = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        job = self.ask("journal", "POST", f"{path}/jobs", json=order, headers=parent).json()
        document = str(job["document"])
        self.until(f"/v1/jobs/{job['id']}", "done")
        self.sign(document, "deputy")
        self.sign(document, "director")
        self.until(f"/v1/documents/{document}", "archived")
        self.ask("journal", "GET", f"/v1/documents/{document}/verification")
        return str(job["id"]), document


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            assert time.monotonic() < until
        time.sleep(0.2)


def children(command: str, folder: Path) -> list[int]:
    """Return the processes of this test's service that run a command."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if command in words and str(folder / "vedomost.toml") in words:
            found.append(int(entry.name))
    return found


def stopped_in_the_midst(process: subprocess.Popen[bytes], listen: str) -> int:
    """Stop the service while a body is on its way; return how its request is answered."""
    half = len(SNAPSHOT) // 2
    client = HTTPConnection(listen, timeout=PATIENCE)
    client.putrequest("POST", f"/v1/schools/{SCHOOL}/snapshots")
    client.putheader("Authorization", f"Bearer {TOKENS['journal']}")
    client.putheader("Content-Type", "application/json")
    client.putheader("Content-Length", str(len(SNAPSHOT)))
    client.endheaders()
    client.send(SNAPSHOT[:half])
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    time.sleep(1)
    client.send(SNAPSHOT[half:])
    status = client.getresponse().status
    client.close()
    return status


def names() -> set[str]:
    """Every word a person, a subject or a topic of the snapshot is named by."""
    words = re.findall(r"[А-ЯЁ][а-яё]{3,}", SNAPSHOT.decode())
    return set(words) | {"Громова", "Светлова"}


def figures(address: str) -> dict[frozenset[str], float]:
    """Return the figures by their names and labels, those of the roles of processes together."""
    told = httpx.get(address, timeout=PATIENCE).text
    found: defaultdict[frozenset[str], float] = defaultdict(float)
    for family in text_string_to_metric_families(told):
        for one in family.samples:
            found[frozenset({one.name, *one.labels.values()} - ROLES)] += one.value
    return dict(found)


@pytest.mark.timeout(300)
def test_whole_road(tmp_path: Path, authority: Authority, collector: Collector) -> None:
    listen, metrics = (f"127.0.0.1:{kept_port()}" for _ in range(2))
    file = settings_file(
        tmp_path,
        authority,
        listen,
        f'[logging]\nformat = "json"\n[metrics]\nlisten = "{metrics}"\n'
        f'[telemetry]\nendpoint = "http://127.0.0.1:{collector.server_port}"\n',
    )
    log = tmp_path / "serve.log"
    command = [sys.executable, "-m", "service", "serve", "--settings", str(file)]
    command = [sys.executable, str(CAGED), *command]  # with what a school's PC leaves it
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://{listen}/readyz")
        with httpx.Client(base_url=f"http://{listen}", timeout=PATIENCE) as http:
            job, document = Road(http, authority).go()
        httpx.get(f"http://{listen}/v1/documents?cursor=secret-cursor", timeout=PATIENCE)
        seen = figures(f"http://{metrics}/metrics")
        collector.wait_for(ORDERED)  # spans go out now and then: a killed process's last are lost
        for web in children("web", tmp_path):
            os.kill(web, signal.SIGKILL)
        wait_for(f"http://{listen}/readyz")
        wait_for(f"http://{metrics}/metrics")
        assert figures(f"http://{metrics}/metrics")[frozenset({"vedomost_pages_total"})] > 0
        assert stopped_in_the_midst(process, listen) == 200
        assert process.wait(PATIENCE) == 0, log.read_text()
        assert children("web", tmp_path) + children("worker", tmp_path) == []
    finally:
        process.kill()
        process.wait()

    check_figures(seen)
    check_log(log.read_text(), job, document)
    check_spans(collector.spans, document)


def check_figures(seen: dict[frozenset[str], float]) -> None:
    def told(*words: str) -> float:
        return seen[frozenset(words)]

    assert told("vedomost_ledger_up") == 1
    assert told("vedomost_workers") == 1
    assert told("vedomost_documents", "archived") == 1
    assert told("vedomost_signatures_total", "deputy") == 1
    assert told("vedomost_pages_total") > 0
    assert told("vedomost_steps_total", "rendering", "done") == 1
    assert told("vedomost_step_seconds_count", "depositing") == 1
    for store in ("A", "B"):
        assert told("vedomost_store_seconds_count", store, "put") >= 3
    route = "/v1/schools/<school>/jobs"
    assert told("vedomost_http_requests_total", "POST", route, "202") == 1
    assert told("vedomost_http_request_seconds_count", "POST", route) == 1
    assert not any(SCHOOL in key for key in seen)


def check_log(log: str, job: str, document: str) -> None:
    # Python's own watcher of what a killed process leaves behind writes past every log.
    lines = [json.loads(line) for line in log.splitlines() if not OF_THE_KILLED.search(line)]
    assert {line["process"] for line in lines} >= {"serve", "web", "worker"}
    assert all(line["level"] in {"INFO", "WARNING"} for line in lines), log
    ordered = [line for line in lines if line["message"] == "ordered"]
    assert [(one["request"], one["job"], one["document"]) for one in ordered] == [
        ("road-journal", job, document)
    ]
    mine = [line for line in lines if line.get("document") == document]
    steps = {line["step"]: line for line in mine if "step" in line}
    assert steps.keys() >= {"rendering", "depositing"}
    came = {name: (line["process"], line["request"]) for name, line in steps.items()}
    assert came["rendering"] == ("worker", "road-journal")
    assert came["depositing"] == ("worker", "road-director")
    assert {(line["school"], line["job"]) for line in steps.values()} == {(SCHOOL, job)}
    asked = {line["request"] for line in mine if line["logger"] == "vedomost.web"}
    assert asked >= {"road-journal", "road-deputy", "road-director"}
    assert all("request" in line for line in lines if line["logger"] == "vedomost.web")
    assert "secret-cursor" not in log
    assert not any(token in log for token in TOKENS.values())
    assert {name for name in names() if name in log} == set()


def check_spans(spans: list[Span], document: str) -> None:
    def of(span: Span, name: str) -> str:
        return next((a.value.string_value for a in span.attributes if a.key == name), "")

    named = {span.name for span in spans}
    assert {"step rendering", "step depositing", "store put"} <= named
    (ordered,) = [s for s in spans if s.name == ORDERED]
    assert ordered.trace_id.hex() == TRACE
    printed = next(s for s in spans if s.name == "step rendering")
    assert (printed.trace_id, printed.parent_span_id) == (ordered.trace_id, ordered.span_id)
    step = next(s for s in spans if s.name == "step depositing")
    assert of(step, "vedomost.document") == document
    puts = [s for s in spans if s.name == "store put"]
    assert step.span_id in {s.parent_span_id for s in puts}
    said = " ".join(str(span) for span in spans)
    assert not any(name in said for name in names())
