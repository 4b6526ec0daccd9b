"""Two people sign one document in two sessions: one of them does, the other is told so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from receiver import Answer, Got, Receiver, receiver
from sittings import DEPUTY, answered, opened, printed, values
from town import SCHOOL, Clock, Town, settings_file
from werkzeug.test import TestResponse

from service.settings import load
from signing.authority import Authority


@pytest.fixture
def stamps() -> Iterator[Receiver]:
    """The way to the timestamps: something may happen before one is given."""
    with receiver() as made:
        yield made


@pytest.fixture
def town(
    tmp_path: Path, authority: Authority, stamps: Receiver, database_url: str
) -> Iterator[Town]:
    file = settings_file(tmp_path, authority, database=database_url)
    file.write_text(file.read_text().replace(authority.timestamp_url, stamps.url))
    made = Town(tmp_path, load(file, {}), authority, Clock(datetime.now(UTC)))
    yield made
    made.close()


@pytest.mark.parametrize("sign_docx", [False, True])
def test_whoever_is_overtaken_while_a_timestamp_is_on_its_way(
    town: Town, authority: Authority, stamps: Receiver, sign_docx: bool
) -> None:
    if sign_docx:
        path = f"/v1/schools/{SCHOOL}/settings"
        known = town.ask("administrator", "GET", path)
        wanted = known.json["settings"] | {"sign_docx": True}
        unchanged = {"If-Match": known.headers["ETag"]}
        changed = town.ask("administrator", "PUT", path, json=wanted, headers=unchanged)
        assert changed.status_code == 200, changed.text
    (document,) = printed(town, 1)
    keys = town.key("deputy"), town.key("deputy-rsa")
    first, second = (opened(town, DEPUTY, [document], key).json for key in keys)
    others: list[TestResponse] = []
    due = [True]

    def stamp(got: Got) -> Answer:
        if due:
            due.clear()
            (item,) = second["items"]
            others.append(answered(town, second, document, values(item, keys[1])))
        kind = {"Content-Type": "application/timestamp-query"}
        given = httpx.post(authority.timestamp_url, content=got.body, headers=kind)
        return given.status_code, {"Content-Type": given.headers["Content-Type"]}, given.content

    stamps.respond = stamp
    (item,) = first["items"]
    late = answered(town, first, document, values(item, keys[0]))
    (quick,) = others
    assert (quick.status_code, quick.json["state"]) == (200, "signed")
    assert (late.status_code, late.json["code"]) == (409, "document-moved-on")
    told = town.document(document)
    assert told["state"] == "awaiting-director"
    assert len(told["signatures"]) == 1
    assert town.log_is_whole()
