"""What the secretary takes home: put together once, listed, and the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO

import pytest
from town import CLASS, OTHER, SCHOOL, Town, another_snapshot

PACKAGES = f"/v1/schools/{SCHOOL}/packages"
YEAR = "2026/2027"


@pytest.fixture
def archived(town: Town) -> str:
    document = town.signed()
    town.work()
    return document


def pack(town: Town, *documents: str, status: int = 201) -> dict:
    answer = town.ask("secretary", "POST", PACKAGES, json={"documents": list(documents)})
    assert answer.status_code == status, answer.text
    return dict(answer.json)


def taken(town: Town, package: str) -> zipfile.ZipFile:
    answer = town.ask("secretary", "GET", f"/v1/packages/{package}/zip")
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return zipfile.ZipFile(BytesIO(answer.data))


def test_package_holds_what_its_manifest_says(town: Town, archived: str) -> None:
    package = pack(town, archived)
    path = f"/v1/packages/{package['id']}"
    listed = town.ask("secretary", "GET", f"{path}/manifest.json")
    assert hashlib.sha256(listed.data).hexdigest() == package["manifest_sha256"]
    assert json.loads(listed.data)["files"] == [
        {key: value for key, value in one.items() if value is not None}
        for one in package["manifest"]["files"]
    ]
    assert (package["turn"], package["signatures"]) == ("director", [])

    archive = taken(town, package["id"])
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
    document = town.document(archived)
    assert {one["sha256"] for one in files} == {document["pdf_sha256"], document["docx_sha256"]}


def test_same_documents_are_the_same_package(town: Town, archived: str) -> None:
    first = pack(town, archived)
    town.clock.pass_by(days=1)
    assert pack(town, archived, archived, status=200) == first
    once = town.ask("secretary", "GET", f"/v1/packages/{first['id']}/zip")
    again = town.ask("secretary", "GET", f"/v1/packages/{first['id']}/zip")
    assert once.data == again.data
    tag = {"If-None-Match": once.headers["ETag"]}
    unchanged = town.ask("secretary", "GET", f"/v1/packages/{first['id']}/zip", headers=tag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    listed = town.ask("director", "GET", PACKAGES).json["packages"]
    assert [one["id"] for one in listed] == [first["id"]]
    assert town.log_is_whole()


def test_filter_takes_the_archive_and_tells_what_is_missing(town: Town, archived: str) -> None:
    waiting = town.order(town.post_snapshot(), "class-register")["document"]
    town.work()
    asked = {"filter": {"year": YEAR, "class": CLASS}}
    answer = town.ask("secretary", "POST", PACKAGES, json=asked)
    assert (answer.status_code, answer.json["documents"]) == (201, [archived])
    assert answer.json["left_out"] == [waiting]
    only = {"filter": {"year": YEAR, "kind": "class-results"}}
    answer = town.ask("secretary", "POST", PACKAGES, json=only)
    assert (answer.status_code, answer.json["left_out"]) == (200, [])


def test_every_version_goes_under_its_own_name(town: Town, archived: str) -> None:
    newer = town.order(town.post_snapshot(another_snapshot()))["document"]
    town.work()
    for role in ("deputy", "director"):
        town.sign(newer, role)
    town.work()
    package = pack(town, archived, newer)
    names = [one["path"] for one in package["manifest"]["files"]]
    assert len(set(names)) == 4
    assert [name for name in names if "версия 2" in name]
    assert taken(town, package["id"]).testzip() is None


def test_only_the_archive_goes_in(town: Town, archived: str) -> None:
    printed = town.order(town.post_snapshot(), "class-register")["document"]
    town.work()
    asked = {"documents": [archived, printed, "unknown"]}
    refused = town.ask("secretary", "POST", PACKAGES, json=asked)
    assert (refused.status_code, refused.json["code"]) == (422, "package-refused")
    told = {one["code"]: one["message"] for one in refused.json["errors"]}
    assert printed in told["not-archived"]
    assert "unknown" in told["document-missing"]
    assert town.ask("secretary", "GET", PACKAGES).json["packages"] == []


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


def test_who_may(town: Town, archived: str) -> None:
    package = pack(town, archived)
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
        assert town.ask(who, method, address, **sent).status_code == status, (who, address)


def test_file_lost_here_comes_from_the_archive(town: Town, archived: str) -> None:
    package = pack(town, archived)
    for name in ("pdf", "docx"):
        town.service.files.path(town.document(archived)[f"{name}_sha256"]).unlink()
    assert taken(town, package["id"]).testzip() is None
