"""Schools as tenants: a region sees all of them, whoever is of one sees that one."""

from __future__ import annotations

from town import OTHER, SCHOOL, Town


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
    refused = quiet_town.ask("region", "GET", "/v1/documents")
    assert (refused.status_code, refused.json["code"]) == (422, "school-unnamed")
    sent = {"snapshot": "x", "kind": "class-register", "class": "c8a"}
    ordered = quiet_town.ask("region", "POST", f"/v1/schools/{SCHOOL}/jobs", json=sent)
    assert ordered.status_code == 403
