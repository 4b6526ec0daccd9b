"""Whose step comes first, and orders called off and taken up again."""

from __future__ import annotations

from itertools import count

from sqlalchemy import insert, select, update
from town import OTHER, SCHOOL, Town

from service.ledger import documents
from service.ledger.documents import State
from service.ledger.printing import steps as ledger_steps
from service.ledger.printing.turns import next_turn
from service.ledger.tables import steps

GENERATIONS = count(1000)


def stand(town: Town, document: str, school: str, names: str, *, batch: bool = True) -> None:
    """Put a school's steps into the line, one a letter."""
    with town.service.database.writing() as connection:
        for name in names:
            row = {
                "document": document,
                "state": "rendering",
                "generation": next(GENERATIONS),
                "school": school,
                "turn": next_turn(connection, school, batch=batch),
                "due": town.clock(),
                "tries": 0,
                "starts": 0,
                "crashes": 0,
                "percent": 0,
                "doing": name,
                "pages": 0,
            }
            connection.execute(insert(steps).values(row))


def line(town: Town) -> str:
    """Return the letters of those who stand in it, the next to be served first."""
    chosen = select(steps.c.doing).where(steps.c.doing != "", steps.c.finished_at.is_(None))
    with town.service.database.reading() as connection:
        found = connection.execute(chosen.order_by(steps.c.turn, steps.c.generation)).scalars()
        return "".join(found)


def serve(town: Town, count: int) -> None:
    with town.service.database.writing() as connection:
        for name in line(town)[:count]:
            connection.execute(
                update(steps).where(steps.c.doing == name).values(finished_at=town.clock())
            )


def test_no_school_waits_behind_anothers_pile(quiet_town: Town) -> None:
    document = str(quiet_town.order(quiet_town.post_snapshot())["document"])
    stand(quiet_town, document, SCHOOL, "abcdef")
    stand(quiet_town, document, OTHER, "XY")
    assert line(quiet_town) == "aXbYcdef"
    serve(quiet_town, 5)
    stand(quiet_town, document, OTHER, "Z")
    assert line(quiet_town) == "dZef", "who comes later stands beside whoever is served now"


def test_urgent_comes_before_every_batch(quiet_town: Town) -> None:
    document = str(quiet_town.order(quiet_town.post_snapshot())["document"])
    stand(quiet_town, document, SCHOOL, "abc")
    stand(quiet_town, document, OTHER, "U", batch=False)
    assert line(quiet_town) == "Uabc"


def test_engine_is_told_the_turn(quiet_town: Town) -> None:
    snapshot = quiet_town.post_snapshot()
    quiet_town.order(snapshot, "class-register", batch=True)
    quiet_town.order(snapshot)
    jobs = quiet_town.service.dispatcher.client.list_workflows(load_input=False)
    batch, urgent = sorted((one.priority for one in jobs), reverse=True)
    assert urgent == 1
    assert batch > 1_000_000_000


def test_orders_are_found_by_how_they_go(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())

    def found(*words: str) -> list[bool]:
        path = f"/v1/schools/{SCHOOL}/jobs?state="
        return [bool(quiet_town.ask("journal", "GET", path + one).json["jobs"]) for one in words]

    words = ("queued", "running", "done", "failed", "rendering", "awaiting-deputy")
    assert found(*words) == [True, False, False, False, True, False]
    with quiet_town.service.database.writing() as connection:
        standing = documents.get(connection, job["document"])
        here = standing.id, State.RENDERING, standing.generation
        ledger_steps.begin(connection, *here, quiet_town.clock())
    assert found(*words) == [False, True, False, False, True, False]
    with quiet_town.service.database.writing() as connection:
        standing = documents.get(connection, job["document"])
        told = {"failed_in": State.RENDERING}
        documents.move(connection, standing, State.FAILED, quiet_town.clock(), **told)
    assert found(*words) == [False, False, False, True, False, False]
    quiet_town.ask("journal", "POST", f"/v1/jobs/{job['id']}/retry")
    assert found(*words) == [True, False, False, False, True, False]
    quiet_town.work()
    assert found(*words) == [False, False, True, False, False, True]


def test_order_is_called_off_and_taken_up_again(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    path = f"/v1/jobs/{job['id']}"
    assert quiet_town.ask("elsewhere", "DELETE", path).status_code == 404
    assert quiet_town.ask("director", "DELETE", path).status_code == 403
    told = [quiet_town.ask("journal", "DELETE", path) for _ in range(2)]
    assert [one.json["state"] for one in told] == ["cancelled"] * 2
    quiet_town.work()
    assert quiet_town.document(job["document"])["state"] == "cancelled"
    chosen = f"/v1/schools/{SCHOOL}/jobs?state=cancelled"
    listed = quiet_town.ask("journal", "GET", chosen).json["jobs"]
    assert [one["id"] for one in listed] == [job["id"]]
    assert quiet_town.ask("journal", "POST", f"{path}/retry").json["state"] == "queued"
    quiet_town.work()
    assert quiet_town.ask("journal", "GET", path).json["state"] == "done"
    refused = quiet_town.ask("journal", "DELETE", path)
    assert (refused.status_code, refused.json["code"]) == (409, "too-late-to-cancel")
    refused = quiet_town.ask("journal", "POST", f"{path}/retry")
    assert (refused.status_code, refused.json["code"]) == (409, "nothing-to-retry")
