"""A server told to stop in the midst of its work hangs up on nobody."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Semaphore

from signing.authority.ports import kept_port

CLIENTS = 12
PATIENCE = 60.0
PROGRAM = """
import sys, time
from gunicorn.app.base import BaseApplication
from service.web.serving.receiving import receiving

class Server(BaseApplication):
    def load_config(self):
        self.cfg.set("bind", "127.0.0.1:" + sys.argv[1])
        self.cfg.set("threads", 2)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("worker_class", receiving(1 << 20))

    def load(self):
        def answer(environ, start_response):
            time.sleep(0.01)
            start_response("204 No Content", [])
            return []
        return answer

Server().run()
"""


def test_who_had_knocked_is_answered_and_who_comes_later_refused(tmp_path: Path) -> None:
    port = kept_port()
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", PROGRAM, str(port)], stderr=log)

    answered = Semaphore(0)

    def ask() -> str:
        wire = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            wire.request("GET", "/")
            status = str(wire.getresponse().status)
            answered.release()
            return status
        except OSError as error:
            return type(error).__name__
        finally:
            wire.close()

    def until_refused(_client: int) -> Counter[str]:
        while ask() != "204":
            assert server.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.05)
        told = Counter[str]()
        while "ConnectionRefusedError" not in told:
            told[ask()] += 1
        return told

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = clients.map(until_refused, range(CLIENTS))
        for _ in range(10 * CLIENTS):
            assert answered.acquire(timeout=PATIENCE), (tmp_path / "log").read_text()
        server.terminate()
        told = sum(answers, Counter[str]())
    assert server.wait(PATIENCE) == 0
    assert set(told) == {"204", "ConnectionRefusedError"}
    assert told["204"] > CLIENTS
