"""A store that is away for a while: nothing is lost, nothing is stored twice."""

from __future__ import annotations

from town import Town


def test_one_store_down_then_up(town: Town) -> None:
    document = town.signed()
    away = (town.folder / "B").rename(town.folder / "B.away")
    town.work()
    told = town.document(document)
    assert (told["state"], told["problem"]["code"]) == ("in-one-store", "one-store-only")
    assert {one["store"] for one in told["copies"]} == {"A"}
    held = {path: path.stat().st_mtime_ns for path in town.archived_files("A")}

    town.clock.pass_by(seconds=1)
    assert town.work() == 1
    assert town.document(document)["state"] == "in-one-store"
    found = town.ask("journal", "GET", "/v1/documents?state=in-one-store").json["documents"]
    assert [one["id"] for one in found] == [document]

    away.rename(town.folder / "B")
    town.clock.pass_by(seconds=2)
    assert town.work() == 1
    told = town.document(document)
    assert (told["state"], told["problem"]) == ("archived", None)
    assert {path: path.stat().st_mtime_ns for path in town.archived_files("A")} == held
    assert len(town.archived_files("B")) == len(held) == 3
    assert town.work() == 0


def test_both_stores_down(town: Town) -> None:
    document = town.signed()
    for name in ("A", "B"):
        (town.folder / name).rename(town.folder / f"{name}.away")
    town.work()
    told = town.document(document)
    assert (told["state"], told["copies"]) == ("depositing", [])
    assert told["problem"]["code"] == "store-unavailable"
    for name in ("A", "B"):
        (town.folder / f"{name}.away").rename(town.folder / name)
    town.clock.pass_by(seconds=1)
    town.work()
    assert town.document(document)["state"] == "archived"


def test_damaged_copy_is_found(town: Town) -> None:
    document = town.signed()
    town.work()
    path = f"/v1/documents/{document}/verification"
    good = town.ask("director", "GET", path).json
    assert good["valid"] is True
    assert len(good["copies"]) == 6
    spoiled = next(one for one in town.archived_files("B") if "document.pdf" in str(one))
    spoiled.chmod(0o644)
    spoiled.write_bytes(spoiled.read_bytes()[:-1] + b"!")
    bad = town.ask("director", "GET", path).json
    assert bad["valid"] is False
    assert [(one["store"], one["name"]) for one in bad["copies"] if not one["good"]] == [
        ("B", "document.pdf")
    ]
    assert all(one["valid"] for one in bad["signatures"])
