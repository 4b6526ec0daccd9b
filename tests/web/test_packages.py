"""What the secretary takes home: put together once, listed, and the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select
from town import CLASS, OTHER, SCHOOL, Clock, Town, another_snapshot, settings_file

from service.ledger.tables import audit as lines
from service.settings import load
from signing.authority import Authority

PACKAGES = f"/v1/schools/{SCHOOL}/packages"
YEAR = "2026/2027"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Town]:
    """A town whose archive the tests below only read."""
    folder = tmp_path_factory.mktemp("school")
    settings = load(settings_file(folder, authority), {})
    made = Town(folder, settings, authority, Clock(datetime.now(UTC)))
    yield made
    made.close()


@pytest.fixture(scope="module")
def archived(school: Town) -> str:
    document = school.signed()
    school.work()
    return document


@pytest.fixture(scope="module")
def waiting(school: Town, archived: str) -> str:
    """A document of the same class and year that is not signed yet."""
    document = school.order(school.post_snapshot(), "class-register")["document"]
    school.work()
    assert document != archived
    return str(document)


@pytest.fixture(scope="module")
def package(school: Town, archived: str) -> dict:
    return pack(school, archived)


def pack(town: Town, *documents: str, status: int = 201) -> dict:
    answer = town.ask("secretary", "POST", PACKAGES, json={"documents": list(documents)})
    assert answer.status_code == status, answer.text
    return dict(answer.json)


def taken(town: Town, package: str) -> zipfile.ZipFile:
    answer = town.ask("secretary", "GET", f"/v1/packages/{package}/zip")
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return zipfile.ZipFile(BytesIO(answer.data))


def test_package_holds_what_its_manifest_says(school: Town, archived: str, package: dict) -> None:
    path = f"/v1/packages/{package['id']}"
    listed = school.ask("secretary", "GET", f"{path}/manifest.json")
    assert hashlib.sha256(listed.data).hexdigest() == package["manifest_sha256"]
    assert json.loads(listed.data) == package["manifest"]
    assert (package["turn"], package["signatures"]) == ("director", [])

    archive = taken(school, package["id"])
    assert archive.testzip() is None
    assert archive.read("manifest.json") == listed.data
    files = package["manifest"]["files"]
    assert [one["path"].rpartition(".")[2] for one in files] == ["docx", "pdf"]
    assert archive.namelist() == ["manifest.json", *(one["path"] for one in files)]
    for one in files:
        body = archive.read(one["path"])
        assert (one["size"], one["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        assert one["streebog256"] == hashlib.new("md_gost12_256", body).hexdigest()
        assert one["path"].startswith("2026-2027/8А/Итоги успеваемости класса")
        assert (one["document"], one["kind"], one["version"]) == (archived, "class-results", 1)
    document = school.document(archived)
    assert {one["sha256"] for one in files} == {document["pdf_sha256"], document["docx_sha256"]}


def test_same_documents_are_the_same_package(school: Town, archived: str, package: dict) -> None:
    path = f"/v1/packages/{package['id']}"
    assert pack(school, archived, archived, status=200) == package
    assert school.ask("deputy", "GET", path).json == package
    once, again = (school.ask("secretary", "GET", f"{path}/zip") for _ in range(2))
    assert once.data == again.data
    tag = {"If-None-Match": once.headers["ETag"]}
    unchanged = school.ask("secretary", "GET", f"{path}/zip", headers=tag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    head = school.ask("secretary", "HEAD", f"{path}/zip")
    assert (head.data, head.headers["Content-Length"]) == (b"", f"{len(once.data)}")
    listed = school.ask("director", "GET", PACKAGES).json["packages"]
    assert [one["id"] for one in listed] == [package["id"]]


def test_who_took_a_package_is_remembered(school: Town, package: dict) -> None:
    def times() -> int:
        with school.service.database.reading() as connection:
            chosen = select(lines.c.actor).where(
                lines.c.subject == package["id"], lines.c.action == "take-package"
            )
            actors = list(connection.execute(chosen).scalars())
        assert set(actors) <= {"secretary"}
        return len(actors)

    before = times()
    taken(school, package["id"])
    assert times() == before + 1
    assert school.log_is_whole()


def test_filter_takes_the_archive_and_tells_what_is_missing(
    school: Town, archived: str, waiting: str
) -> None:
    asked = {"filter": {"year": YEAR, "class": CLASS}}
    answer = school.ask("secretary", "POST", PACKAGES, json=asked)
    assert answer.json["documents"] == [archived]
    assert answer.json["left_out"] == [waiting]
    only = {"filter": {"year": YEAR, "kind": "class-results"}}
    answer = school.ask("secretary", "POST", PACKAGES, json=only)
    assert (answer.status_code, answer.json["left_out"]) == (200, [])


def test_only_the_archive_goes_in(school: Town, archived: str, waiting: str) -> None:
    asked = {"documents": [archived, waiting, "unknown"]}
    refused = school.ask("secretary", "POST", PACKAGES, json=asked)
    assert (refused.status_code, refused.json["code"]) == (422, "package-refused")
    assert [one["pointer"] for one in refused.json["errors"]] == ["/documents/1", "/documents/2"]
    told = {one["code"]: one["message"] for one in refused.json["errors"]}
    assert waiting in told["not-archived"]
    assert "unknown" in told["document-missing"]


def test_who_may(school: Town, archived: str, package: dict) -> None:
    path = f"/v1/packages/{package['id']}"
    for who, method, address, status in (
        ("journal", "POST", PACKAGES, 403),
        ("journal", "GET", f"{path}/zip", 403),
        ("elsewhere", "GET", f"{path}/zip", 404),
        ("elsewhere", "GET", PACKAGES, 404),
        ("elsewhere", "POST", f"/v1/schools/{OTHER}/packages", 422),
        (None, "GET", path, 401),
        ("secretary", "GET", f"{path}/manifest.json.p7s", 404),
        ("secretary", "GET", "/v1/packages/unknown", 404),
    ):
        sent = {"json": {"documents": [archived]}} if method == "POST" else {}
        assert school.ask(who, method, address, **sent).status_code == status, (who, address)


def test_file_lost_here_comes_from_the_archive(school: Town, archived: str, package: dict) -> None:
    files = school.service.files
    names = [school.document(archived)[f"{name}_sha256"] for name in ("pdf", "docx")]
    bodies = [files.read(name) for name in names]
    for name in names:
        files.forget(name)
    assert taken(school, package["id"]).testzip() is None
    for body in bodies:
        files.keep(body)


def test_every_version_goes_under_its_own_name(town: Town) -> None:
    first = town.signed()
    newer = town.order(town.post_snapshot(another_snapshot()))["document"]
    town.work()
    for role in ("deputy", "director"):
        town.sign(newer, role)
    town.work()
    made = pack(town, first, newer)
    names = [one["path"] for one in made["manifest"]["files"]]
    assert len(set(names)) == 4
    assert [name for name in names if "версия 2" in name]
    assert taken(town, made["id"]).testzip() is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "request-invalid"),
        ({"documents": []}, "request-invalid"),
        ({"documents": ["d"], "filter": {"year": YEAR}}, "request-invalid"),
        ({"filter": {"year": "2026"}}, "request-invalid"),
        ({"filter": {"year": "1999/2000"}}, "package-refused"),
    ],
)
def test_bad_orders(quiet_town: Town, sent: dict, code: str) -> None:
    refused = quiet_town.ask("secretary", "POST", PACKAGES, json=sent)
    assert (refused.status_code, refused.json["code"]) == (422, code)
    assert refused.json["detail"]
