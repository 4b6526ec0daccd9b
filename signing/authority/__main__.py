"""`python -m signing.authority FOLDER`: serve the test authority until standard input closes."""

from __future__ import annotations

import sys
import threading
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel
from werkzeug.serving import BaseWSGIServer, make_server

from signing.authority.config import ARCHITECTURE
from signing.authority.issuing import Authority
from signing.authority.ports import LOCALHOST
from signing.authority.serving import READY


def main() -> None:
    """Answer OCSP, CRL and timestamp requests on the port the certificates name."""
    parser = ArgumentParser(prog="python -m signing.authority", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at", type=datetime.fromisoformat, help="stop the clock, for tests")
    asked = parser.parse_args()
    authority = Authority.open(asked.folder)
    animator = Animator(
        AnimatorArchStore({ArchLabel(ARCHITECTURE): authority.architecture()}),
        at_time=asked.at,
        with_web_ui=False,
        allow_time_override=False,
    )
    server = make_server(LOCALHOST, authority.port, animator, threaded=True)
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    sys.stdout.buffer.write(READY + b"\n")
    sys.stdout.flush()
    server.serve_forever()


def _stop_with_parent(server: BaseWSGIServer) -> None:
    sys.stdin.buffer.read()
    server.shutdown()


main()
