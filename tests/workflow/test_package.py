"""A package signed on the real road, judged by OpenSSL, and all that may be wrong with it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from judges.cades import CadesJudge
from sittings import DEPUTY, DIRECTOR, SESSIONS, opened, printed, signed_by, values
from town import SCHOOL, Clock, Town, settings_file

from service.cli import main
from service.ledger.files import sha256
from service.settings import load
from service.workflow.keeping.opened_package import PackageUnreadable, looks_like_package
from service.workflow.verifying.verify_package import PackageReport, verify_package
from signing.authority import Authority

DOCX_TOO = {f"VEDOMOST_SCHOOLS__{SCHOOL.upper()}__SIGN_DOCX": "true"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Town]:
    """A town whose signatories sign the DOCX too."""
    folder = tmp_path_factory.mktemp("office")
    settings = load(settings_file(folder, authority), DOCX_TOO)
    town = Town(folder, settings, authority, Clock(datetime.now(UTC)))
    yield town
    town.close()


@pytest.fixture(scope="module")
def archived(office: Town) -> str:
    """A document whose PDF and DOCX both have signed."""
    (document,) = printed(office, 1)
    for role in (DEPUTY, DIRECTOR):
        signed_by(office, role, [document], office.key(role))
    office.work()
    return document


@pytest.fixture(scope="module")
def package(office: Town, archived: str) -> str:
    """A package the director has signed."""
    path = f"/v1/schools/{SCHOOL}/packages"
    made = office.ask("secretary", "POST", path, json={"documents": [archived]}).json
    key = office.key(DIRECTOR)
    session = opened(office, DIRECTOR, [], key, packages=[made["id"]]).json
    (item,) = session["items"]
    assert [one["file"] for one in item["parts"]] == ["manifest.json"]
    answer = f"{SESSIONS}/{session['id']}/packages/{made['id']}"
    done = office.ask(DIRECTOR, "PUT", answer, json={"answers": values(item, key)})
    assert (done.status_code, done.json["state"]) == (200, "signed"), done.text
    return str(made["id"])


@pytest.fixture(scope="module")
def zipped(office: Town, package: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the secretary takes it."""
    file = tmp_path_factory.mktemp("taken") / "package.zip"
    file.write_bytes(office.ask("secretary", "GET", f"/v1/packages/{package}/zip").data)
    return file


@pytest.fixture(scope="module")
def cades(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> CadesJudge:
    return CadesJudge.of(tmp_path_factory.mktemp("cades"), authority.chain())


@pytest.fixture
def spoiled(zipped: Path, tmp_path: Path) -> Callable[..., Path]:
    """`spoiled(change)`: the package with some files (path: body, None: gone) as `change` says."""

    def spoil(change: Callable[[dict[str, bytes]], dict[str, bytes | None]]) -> Path:
        with zipfile.ZipFile(zipped) as archive:
            files: dict[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
        made = tmp_path / "spoiled.zip"
        with zipfile.ZipFile(made, "w") as archive:
            for name, body in (files | change(files)).items():
                if body is not None:
                    archive.writestr(name, body)
        return made

    return spoil


def checked(office: Town, path: Path) -> PackageReport:
    return verify_package(path, office.service.verify.trust, office.clock())


def only(files: dict[str, bytes], suffix: str) -> str:
    (name,) = (name for name in files if name.endswith(suffix) and "manifest" not in name)
    return name


def flipped(body: bytes) -> bytes:
    return body[:100] + bytes([body[100] ^ 1]) + body[101:]


def test_signature_of_the_docx_is_archived(office: Town, archived: str, cades: CadesJudge) -> None:
    document = office.document(archived)
    assert document["state"] == "archived"
    names = ("document.docx", "document.docx.p7s", "document.pdf", "manifest.json")
    assert sorted((one["store"], one["name"]) for one in document["copies"]) == [
        (store, name) for store in ("A", "B") for name in names
    ]
    for store in ("A", "B"):
        kept = {file.name: file.read_bytes() for file in office.archived_files(store)}
        manifest = json.loads(kept["manifest.json"])
        hashes = {name: sha256(kept[name]) for name in names[:3]}
        assert manifest["sha256"] == hashes
        assert set(manifest["streebog256"]) == set(hashes)
        assert cades(kept["document.docx.p7s"], kept["document.docx"]) == ""
    sent = office.ask("director", "GET", f"/v1/documents/{archived}/docx.p7s")
    assert sent.data == kept["document.docx.p7s"]
    assert sent.content_type == "application/pkcs7-signature"
    tag = {"If-None-Match": sent.headers["ETag"]}
    path = f"/v1/documents/{archived}/docx.p7s"
    assert office.ask("director", "GET", path, headers=tag).status_code == 304


def test_nobody_signed_this_docx(town: Town) -> None:
    path = f"/v1/documents/{town.printed()}/docx.p7s"
    refused = town.ask("director", "GET", path)
    assert (refused.status_code, refused.json["code"]) == (404, "docx-unsigned")


def test_package_proves_itself(
    office: Town, package: str, zipped: Path, cades: CadesJudge, tmp_path: Path
) -> None:
    report = checked(office, zipped)
    assert (report.valid, report.signed, report.strangers) == (True, True, ())
    assert report.hashes == ("sha256", "streebog256")
    (signature,) = report.signatures
    assert (signature.signer.name, signature.level) == ("Светлова Анна Юрьевна", "B-LT")
    found = {Path(one.path).name.partition(".")[2]: one for one in report.files}
    assert {suffix: len(one.signatures) for suffix, one in found.items()} == {
        "docx": 0,
        "docx.p7s": 2,
        "pdf": 2,
    }
    with zipfile.ZipFile(zipped) as archive:
        assert cades(archive.read("manifest.json.p7s"), archive.read("manifest.json")) == ""
        assert archive.namelist()[:2] == ["manifest.json", "manifest.json.p7s"]
        archive.extractall(tmp_path / "folder")
    assert checked(office, tmp_path / "folder") == report
    told = office.ask("secretary", "GET", f"/v1/packages/{package}").json
    assert (told["turn"], [one["role"] for one in told["signatures"]]) == (None, [DIRECTOR])
    again = office.ask("secretary", "GET", f"/v1/packages/{package}/zip")
    assert again.data == zipped.read_bytes()


def test_folder_of_another_computer(office: Town, zipped: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(zipped, tmp_path / "dir" / "package-1", "zip")
    (tmp_path / "dir" / "package-1" / ".DS_Store").write_bytes(b"litter")
    assert checked(office, tmp_path / "dir").valid is True


SPOILED = {
    "a byte of the PDF": (
        lambda files: {only(files, ".pdf"): flipped(files[only(files, ".pdf")])},
        "file-altered",
    ),
    "the end of the DOCX": (
        lambda files: {only(files, ".docx"): files[only(files, ".docx")][:-9]},
        "file-altered",
    ),
    "more of the PDF": (
        lambda files: {only(files, ".pdf"): files[only(files, ".pdf")] + b"\n"},
        "file-altered",
    ),
    "a signature of the DOCX": (lambda files: {only(files, ".p7s"): None}, "file-missing"),
    "a whole PDF": (lambda files: {only(files, ".pdf"): None}, "file-missing"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_spoiled_file_is_named(office: Town, spoiled: Callable[..., Path], what: str) -> None:
    change, code = SPOILED[what]
    report = checked(office, spoiled(change))
    assert report.valid is False
    (bad,) = (one for one in report.files if one.code != "good")
    assert (bad.code, bad.valid) == (code, False)
    assert bad.reason
    assert [one.valid for one in report.signatures] == [True]


def test_another_manifest_is_not_the_signed_one(office: Town, spoiled: Callable[..., Path]) -> None:
    report = checked(
        office, spoiled(lambda files: {"manifest.json": files["manifest.json"] + b"\n"})
    )
    assert (report.valid, [one.valid for one in report.signatures]) == (False, [False])
    assert {one.code for one in report.files} == {"good"}


def test_manifest_without_or_with_a_broken_signature(
    office: Town, spoiled: Callable[..., Path]
) -> None:
    unsigned = checked(office, spoiled(lambda _: {"manifest.json.p7s": None}))
    assert (unsigned.valid, unsigned.signed, unsigned.problem) == (False, False, "")
    cut = checked(
        office, spoiled(lambda files: {"manifest.json.p7s": files["manifest.json.p7s"][:-5]})
    )
    assert (cut.valid, cut.signed) == (False, False)
    assert "не читается" in cut.problem


def test_nothing_vouches_for_a_stranger(office: Town, spoiled: Callable[..., Path]) -> None:
    report = checked(office, spoiled(lambda _: {"8А/ещё.pdf": b"%PDF"}))
    assert (report.valid, report.strangers) == (False, ("8А/ещё.pdf",))


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[]", b'{"schema": "vedomost-package/1"}'])
def test_not_a_manifest(office: Town, spoiled: Callable[..., Path], manifest: bytes) -> None:
    with pytest.raises(Exception, match="не опись пакета"):
        checked(office, spoiled(lambda _: {"manifest.json": manifest}))


@pytest.mark.parametrize("path", ["../up.pdf", "/etc/passwd", "a/../../b", "a\\b"])
def test_a_manifest_never_climbs(office: Town, spoiled: Callable[..., Path], path: str) -> None:
    def climb(files: dict[str, bytes]) -> dict[str, bytes | None]:
        manifest = json.loads(files["manifest.json"])
        manifest["files"][0]["path"] = path
        return {"manifest.json": json.dumps(manifest).encode()}

    with pytest.raises(Exception, match="не опись пакета"):
        checked(office, spoiled(climb))


def test_not_a_package(office: Town, archived: str, zipped: Path, tmp_path: Path) -> None:
    docx = tmp_path / "a.docx"
    docx.write_bytes(office.ask("director", "GET", f"/v1/documents/{archived}/docx").data)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(zipped.read_bytes()[:-40])
    assert looks_like_package(zipped)
    for path in (docx, cut, tmp_path):
        assert not looks_like_package(path)
        with pytest.raises(PackageUnreadable):
            checked(office, path)


def test_terminal_tells_of_a_package(
    office: Town, zipped: Path, spoiled: Callable[..., Path]
) -> None:
    trust = ("--trust", str(office.settings.signing.trust))
    good = CliRunner().invoke(main, ["verify", str(zipped), *trust])
    assert (good.exit_code, good.output.count("\n")) == (0, 2)
    assert "пакет верен: файлов 3" in good.output
    bad = spoiled(lambda files: {only(files, ".pdf"): None, "чужой.txt": b""})
    told = CliRunner().invoke(main, ["verify", str(bad), *trust])
    assert told.exit_code == 1
    assert "пакет НЕ ВЕРЕН" in told.output
    assert "[file-missing]" in told.output
    assert "чужой.txt: в описи этого файла нет" in told.output
    plain = CliRunner().invoke(main, ["verify", str(bad), *trust, "--json"])
    report = json.loads(plain.output)
    assert (report["valid"], report["signed"], report["strangers"]) == (False, True, ["чужой.txt"])
