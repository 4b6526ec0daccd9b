"""Schools as tenants: a region sees all of them, whoever is of one sees that one."""

from __future__ import annotations

from typing import Any

import pytest
from town import OTHER, SCHOOL, Town

from service.ledger import schools
from service.ledger.schools import Version


def test_a_region_sees_every_school_and_names_the_one_it_means(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    own = [
        f"/v1/documents?school={SCHOOL}",
        f"/v1/documents/{job['document']}",
        f"/v1/schools/{SCHOOL}/jobs",
        f"/v1/jobs/{job['id']}",
    ]
    for path in own:
        assert quiet_town.ask("region-auditor", "GET", path).status_code == 200, path
    other = quiet_town.ask("region", "GET", f"/v1/documents?school={OTHER}")
    assert other.json["documents"] == []
    for path in ("/v1/schools/{}/jobs", "/v1/schools/{}/audit", "/v1/documents?school={}"):
        nowhere = quiet_town.ask("region-auditor", "GET", path.format("zzz"))
        assert (nowhere.status_code, nowhere.json["code"]) == (404, "school-missing"), path
    refused = quiet_town.ask("region", "GET", "/v1/documents")
    assert (refused.status_code, refused.json["code"]) == (422, "school-unnamed")
    sent = {"snapshot": "x", "kind": "class-register", "class": "c8a"}
    ordered = quiet_town.ask("region", "POST", f"/v1/schools/{SCHOOL}/jobs", json=sent)
    assert ordered.status_code == 403


def settings_of(town: Town, school: str = SCHOOL) -> tuple[dict[str, Any], str]:
    """Return what is told of a school's settings, and the tag it came with."""
    answer = town.ask("administrator" if school == SCHOOL else "region", "GET", at(school))
    assert answer.status_code == 200, answer.text
    return answer.json, answer.headers["ETag"]


def at(school: str) -> str:
    return f"/v1/schools/{school}/settings"


def changed(town: Town, tag: str, settings: dict[str, Any], who: str = "administrator"):
    return town.ask(who, "PUT", at(SCHOOL), json=settings, headers={"If-Match": tag})


def test_a_region_founds_schools(quiet_town: Town) -> None:
    sent = {"id": "sosh20", "settings": {"title": "СОШ № 20", "options": {"volume_sheets": 200}}}
    assert quiet_town.ask("administrator", "POST", "/v1/schools", json=sent).status_code == 403
    quiet_town.clock.pass_by(hours=1)
    made = quiet_town.ask("region", "POST", "/v1/schools", json=sent)
    assert (made.status_code, made.headers["Location"]) == (201, at("sosh20"))
    told, tag = settings_of(quiet_town, "sosh20")
    assert (told, tag) == (made.json, made.headers["ETag"])
    assert told["settings"]["options"]["volume_sheets"] == 200
    assert told["from"]["/options/volume_sheets"] == "ledger"
    assert told["from"]["/options/ratings"] == told["from"]["/sign_docx"] == "default"
    for id_ in (".", ".."):
        dots = quiet_town.ask("region", "POST", "/v1/schools", json={"id": id_})
        assert (dots.status_code, dots.json["errors"][0]["pointer"]) == (422, "/id")
        assert "не одни точки" in dots.json["errors"][0]["message"]
    for id_ in ("sosh20", SCHOOL):
        again = quiet_town.ask("region", "POST", "/v1/schools", json={"id": id_})
        assert (again.status_code, again.json["code"]) == (409, "school-exists")
    pages = [quiet_town.ask("region", "GET", "/v1/schools?limit=2").json]
    pages.append(quiet_town.ask("region", "GET", f"/v1/schools?cursor={pages[0]['next']}").json)
    listed = [one for page in pages for one in page["schools"]]
    assert [(one["id"], one["version"], one["in_file"]) for one in listed] == [
        ("sosh20", 1, False),
        (OTHER, 0, True),
        (SCHOOL, 0, True),
    ]
    assert (listed[0]["title"], pages[1]["next"]) == ("СОШ № 20", None)
    own = quiet_town.ask("director", "GET", "/v1/schools").json["schools"]
    assert [one["id"] for one in own] == [SCHOOL]
    assert quiet_town.ask("region", "GET", at("nowhere")).json["code"] == "school-missing"
    assert quiet_town.ask("administrator", "GET", at("sosh20")).json["code"] == "not-found"


@pytest.mark.parametrize(
    ("settings", "pointer", "code", "said"),
    [
        (
            {"signatories": [{"role": "deputy", "name": ""}]},
            "/signatories/0/name",
            "too-short",
            "симв",
        ),
        ({"optoins": {}}, "/optoins", "unknown-key", "неизвестно"),
        ({"options": {"percent_digits": "2"}}, "/options/percent_digits", "wrong-type", "число"),
        ({"calendar": {"year_end": {"kinds": ["k"]}}}, "/calendar", "unknown-kind", "Нет видов: k"),
        ({"calendar": {"at": "25:00"}}, "/calendar/at", "bad-time", "06:00"),
        ({"title": "СОШ\n№ 18"}, "/title", "invalid", "переводов строк"),
        ({"options": {"deputy_post": "а\u202eб"}}, "/options", "invalid", "deputy_post"),
        ({"timezone": "Mars/Base"}, "/timezone", "invalid", "пример: Asia/Yekaterinburg"),
        ({"options": {"signing_route": ["director", "deputy"]}}, "/options", "invalid", "порядку"),
        ({"signatories": []}, "/signatories", "fixed-by-file", "в файле настроек"),
        ({"options": {"qr": True}}, "/options/qr", "check-address-missing", "web.public_url"),
        (
            {"options": {"signing_route": ["seal", "director"]}, "signatories": []},
            "",
            "invalid",
            "В signing_route есть seal",
        ),
    ],
)
def test_wrong_settings_are_named(
    quiet_town: Town, settings: dict[str, Any], pointer: str, code: str, said: str
) -> None:
    _, tag = settings_of(quiet_town)
    refused = changed(quiet_town, tag, settings)
    assert refused.status_code == 422
    (fault,) = refused.json["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert said in fault["message"]
    paths = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)["paths"]
    for path, method in {"/v1/schools": "post", "/v1/schools/{school}/settings": "put"}.items():
        assert refused.json["code"] in paths[path][method]["x-problems"]
    assert settings_of(quiet_town)[1] == tag


def test_what_the_file_no_longer_goes_with_is_told_and_mended(quiet_town: Town) -> None:
    sealed = {"options": {"signing_route": ["deputy", "seal", "director"]}}
    with quiet_town.service.database.writing() as connection:
        schools.write(connection, Version(SCHOOL, 1, sealed, "somebody", quiet_town.clock()))
    for refused in (
        quiet_town.ask("director", "GET", at(SCHOOL)),
        changed(quiet_town, '"any"', {}),
    ):
        assert (refused.status_code, refused.json["code"]) == (409, "settings-contradict")
    assert changed(quiet_town, "*", {}).json["version"] == 2


def test_every_change_is_kept_and_none_is_overwritten(quiet_town: Town) -> None:
    before, first = settings_of(quiet_town)
    assert before["from"]["/signatories"] == "file"
    unseen = quiet_town.ask("administrator", "PUT", at(SCHOOL), json=before["settings"])
    assert (unseen.status_code, unseen.json["code"]) == (428, "precondition-required")
    assert changed(quiet_town, first, {}, "director").status_code == 403
    wanted = before["settings"] | {"sign_docx": True}
    done = changed(quiet_town, first, wanted)
    assert (done.status_code, done.json["version"]) == (200, 1)
    assert done.json["from"]["/signatories"] == "file"
    late = changed(quiet_town, first, wanted | {"title": "СОШ № 18"})
    assert late.status_code == 412
    again = changed(quiet_town, done.headers["ETag"], wanted)
    assert (again.json, again.headers["ETag"]) == (done.json, done.headers["ETag"])
    quiet_town.clock.pass_by(hours=1)
    sparse = changed(quiet_town, done.headers["ETag"], {"options": {"ratings": True}})
    assert sparse.json["settings"] == before["settings"] | {
        "options": before["settings"]["options"] | {"ratings": True}
    }
    path = f"{at(SCHOOL)}/history"
    newest, oldest = quiet_town.ask("journal", "GET", path).json["versions"]
    assert (oldest["version"], oldest["changed_by"]) == (1, "administrator")
    assert oldest["settings"]["sign_docx"] is True
    assert "signatories" not in oldest["settings"]
    assert (newest["version"], newest["settings"]) == (2, {"options": {"ratings": True}})
    assert {"/sign_docx", "/options/ratings"} <= set(newest["changed"])
    cursor = quiet_town.ask("journal", "GET", f"{path}?limit=1").json["next"]
    older = quiet_town.ask("journal", "GET", f"{path}?limit=1&cursor={cursor}").json
    assert ([one["version"] for one in older["versions"]], older["next"]) == ([1], None)
    assert older["versions"][0]["changed"] == oldest["changed"]
    assert quiet_town.log_is_whole()
