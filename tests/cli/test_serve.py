"""What keeps the service from starting is said at once; `test_watched` has one that starts."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from town import settings_file

from service.cli.supervisor import on_stop
from service.settings import load
from service.web.serving.listening import AddressTaken, AddressWrong, listening
from signing.authority.ports import kept_port

PATIENCE = 120.0


def start(file: Path) -> subprocess.Popen[bytes]:
    with (file.parent / "serve.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--settings", file],
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def test_wrong_settings_end_at_once(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None, f"127.0.0.1:{kept_port()}")
    file.write_text(file.read_text() + "\n[webb]\n")
    assert start(file).wait(PATIENCE) == 3
    assert "webb: неизвестный ключ" in (tmp_path / "serve.log").read_text()


@pytest.mark.timeout(200)
def test_what_keeps_it_from_starting_is_said(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None, f"127.0.0.1:{kept_port()}")
    (tmp_path / "data").write_text("не папка")
    assert start(file).wait(PATIENCE) == 6
    assert "Папка данных" in (tmp_path / "serve.log").read_text()


def test_an_address_others_listen_on_is_named_and_not_tried_for_ever(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        file = settings_file(tmp_path, None, address, f'[metrics]\nlisten = "{address}"\n')
        assert start(file).wait(PATIENCE) == 6
        log = (tmp_path / "serve.log").read_text()
        assert f"{address} занят другой программой" in log
        assert "web.listen" in log
        assert "started again" not in log
        assert "Connection in use" not in log
        settings = load(file, {})
        with pytest.raises(AddressTaken):
            listening(settings, patience=0)
    listening(settings, patience=0).close()
    file.write_text(file.read_text().replace(address, "192.0.2.1:80"))
    with pytest.raises(AddressWrong, match="нет такого адреса"):
        listening(load(file, {}), patience=0)


def test_a_terminal_that_is_closed_stops_it_gently_unless_nohup_kept_it() -> None:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    told: list[int] = []
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may be kept by nohup
        on_stop(lambda number, _frame: told.append(number))
        signal.raise_signal(signal.SIGHUP)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        on_stop(lambda number, _frame: told.append(number))
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert told == [signal.SIGHUP, signal.SIGTERM]
