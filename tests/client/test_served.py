"""The typed client against a running service: changes of what was read, pages, codes."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from town import SCHOOL, TERM, TOKENS, Town, quiet_town
from werkzeug.serving import make_server

from service.client.errors import NotNow, NotThere, ServiceRefused
from service.client.following import pages
from service.client.operations import Operations
from service.client.told import PlanAsked, RotationAsked, SchoolSettings, TokenAsked
from service.client.wire import Wire, connect

__all__ = ["quiet_town"]


@pytest.fixture
def address(quiet_town: Town) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, quiet_town.http.application, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def client(address: str, who: str) -> Operations:
    return Operations(Wire(connect(address), TOKENS[who]))


def test_settings_are_changed_as_they_were_read(address: str) -> None:
    region = client(address, "region")
    read = region.get_settings("sosh19")
    wanted = SchoolSettings(title="СОШ № 19")
    changed = region.replace_settings("sosh19", wanted, if_match=read.etag)
    assert (changed.settings.title, changed.etag != read.etag) == ("СОШ № 19", True)
    with pytest.raises(NotNow) as late:
        region.replace_settings("sosh19", wanted, if_match=read.etag)
    assert (late.value.problem, late.value.status) == ("settings-changed", 412)
    assert len(region.get_settings_history("sosh19").versions) == 1


def test_pages_follow_one_another(quiet_town: Town, address: str) -> None:
    snapshot = quiet_town.post_snapshot()
    orders = [
        quiet_town.order(snapshot, kind)["id"] for kind in ("class-results", "class-register")
    ]
    journal = client(address, "journal")
    found = list(pages(journal.list_jobs, SCHOOL, limit=1))
    assert [len(page.jobs) for page in found] == [1, 1]
    assert {page.jobs[0].id for page in found} == set(orders)


def test_tokens_plan_and_who_asks(quiet_town: Town, address: str) -> None:
    administrator = client(address, "administrator")
    granted = administrator.create_token(TokenAsked(duties=("secretary",), description="x"))
    assert client(address, "journal").get_me().duties == ("system",)
    rotated = administrator.rotate_token(granted.id, RotationAsked(overlap_minutes=0))
    assert rotated.token != granted.token
    assert administrator.revoke_token(granted.id).revoked_at is not None
    plan = client(address, "secretary").plan_snapshot(
        SCHOOL, quiet_town.post_snapshot(), PlanAsked(kinds=("class-results",), term=TERM)
    )
    assert plan.lines
    with pytest.raises(NotThere) as gone:
        administrator.get_job("none")
    assert gone.value.problem == "job-missing"
    with pytest.raises(ServiceRefused) as refused:
        administrator.create_token(TokenAsked(duties=("class-teacher",), description="x"))
    assert refused.value.problem == "grant-refused"
    assert [one.pointer for one in refused.value.faults] == ["/classes"]
