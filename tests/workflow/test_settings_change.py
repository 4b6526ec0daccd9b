"""Settings change while documents are on their way: what was ordered stays as it was ordered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from town import SCHOOL, Clock, Town, another_snapshot, settings_file

from service.bootstrap.serving import bootstrap
from service.ledger import documents
from service.settings import load
from service.web.app import create_app
from signing.authority import Authority

AT = f"/v1/schools/{SCHOOL}/settings"
DEPUTY = {"role": "deputy", "name": "Громова Ольга Ивановна"}
DIRECTOR = {"role": "director", "name": "Светлова Анна Юрьевна"}


@pytest.fixture
def free_town(tmp_path: Path, authority: Authority) -> Iterator[Town]:
    """A town whose file only says that there is a school; the ledger says who signs."""
    file = settings_file(tmp_path, authority)
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"signatories = \[.*?\n\]", "", text, flags=re.DOTALL), "utf-8")
    made = Town(tmp_path, load(file, {}), authority, Clock(datetime.now(UTC)))
    configure(made, signatories=[DEPUTY, DIRECTOR])
    yield made
    made.close()


def configure(town: Town, **settings: Any) -> None:
    told = town.ask("administrator", "GET", AT)
    wanted = told.json["settings"] | settings
    tag = {"If-Match": told.headers["ETag"]}
    done = town.ask("administrator", "PUT", AT, json=wanted, headers=tag)
    assert done.status_code == 200, done.text


def test_what_was_ordered_keeps_its_options_and_route(free_town: Town) -> None:
    other = bootstrap(free_town.settings, free_town.clock)  # as it would run in another process
    before = free_town.printed()
    configure(
        free_town,
        timezone="Asia/Kamchatka",
        options={"signing_route": ["director"], "mark_word": "отметок"},
    )
    with other.database.reading() as connection:
        old = documents.get(connection, before)
    other.close()
    assert json.loads(old.options)["mark_word"] == "оценок"
    assert (old.route, old.timezone) == (("deputy", "director"), "Asia/Yekaterinburg")
    free_town.sign(before, "deputy")
    assert free_town.sign(before, "director")["state"] == "depositing"
    after = free_town.order(free_town.post_snapshot(another_snapshot()))["document"]
    told = free_town.document(after)
    assert (told["route"], told["version"]) == (["director"], 2)


def test_every_process_sees_a_change_at_once(free_town: Town) -> None:
    snapshot = free_town.post_snapshot()
    other = bootstrap(free_town.settings, free_town.clock)
    here, free_town.http = free_town.http, create_app(other).test_client()
    configure(free_town, options={"signing_route": ["director"]})
    free_town.http = here
    assert free_town.document(free_town.order(snapshot)["document"])["route"] == ["director"]
    other.close()


def test_whoever_no_longer_signs_does_not_in_an_open_session_either(free_town: Town) -> None:
    document = free_town.printed()
    session = free_town.open_signature(document, "deputy").json
    configure(free_town, signatories=[DIRECTOR])
    refused = free_town.close_signature(session, "deputy")
    assert (refused.status_code, refused.json["code"]) == (409, "not-a-signatory")
    configure(free_town, signatories=[DEPUTY, DIRECTOR])
    assert free_town.close_signature(session, "deputy").json["turn"] == "director"


def test_as_the_first_signed_the_docx_so_do_the_others(free_town: Town) -> None:
    one, two = free_town.printed(), free_town.printed("final-summary")
    free_town.sign(one, "deputy")
    configure(free_town, sign_docx=True)
    assert free_town.sign(one, "director")["state"] == "depositing"
    several = free_town.open_signature(two, "deputy")
    assert (several.status_code, several.json["code"]) == (409, "several-files")
    unsigned = free_town.ask("director", "GET", f"/v1/documents/{one}/docx.p7s")
    assert unsigned.json["code"] == "docx-unsigned"
