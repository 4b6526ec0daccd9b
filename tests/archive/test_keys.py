"""Keys and labels hold ids and dates only."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from service.archive.keys import Label, object_key

LABEL = Label(
    doc_type="class-register",
    school_id="s-1",
    school_year="2026/2027",
    class_id="c:8a",
    case_index="05-12",
    retention_years=5,
    closed_year=2027,
    keep_until=date(2032, 12, 31),
    destroy_from=date(2033, 1, 1),
    doc_id="d1",
    version=2,
    signed=True,
    supersedes="d0",
    volume=2,
    volumes=3,
)


def test_a_key_is_a_path_of_ids() -> None:
    key = object_key("s-1", "2026/2027", "class-results", "d1", 2, "a.pdf", "c:8a", "q1")
    assert key == "s-1/2026-2027/class-results/c_8a/q1/d1/v2/a.pdf"


def test_a_volume_of_several_has_a_folder() -> None:
    key = object_key("s-1", "2026/2027", "class-register", "d1", 2, "a.pdf", "c:8a", volume=3)
    assert key == "s-1/2026-2027/class-register/c_8a/d1/v2/volume-3/a.pdf"


@pytest.mark.parametrize("hostile", ["..", ".", "../../etc", "a/b", "Иванов Иван", "a\n", "@1"])
def test_a_key_never_climbs_nor_names(hostile: str) -> None:
    key = object_key(hostile, "2026/2027", "kind", "doc", 1, "a.pdf")
    school, *rest = key.split("/")
    assert len(rest) == 5
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", school)


def test_an_empty_part_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="empty"):
        object_key("", "2026/2027", "kind", "doc", 1, "a.pdf")


def test_ten_labels_fit_a_tag_and_the_manifest_has_them_all() -> None:
    tags = LABEL.tags()
    assert len(tags) == 10
    assert all(re.fullmatch(r"[\w +=.:/@-]{0,256}", value, re.ASCII) for value in tags.values())
    manifest = json.loads(LABEL.manifest({"a.pdf": "0" * 64}))
    assert manifest["labels"] == tags | {
        "case_index": "05-12",
        "closed_year": "2027",
        "destroy_from": "2033-01-01",
        "supersedes": "d0",
        "volume": "2",
        "volumes": "3",
    }
    assert manifest["sha256"] == {"a.pdf": "0" * 64}
    assert "streebog256" not in manifest
    both = json.loads(LABEL.manifest({"a.pdf": "0" * 64}, {"a.pdf": "1" * 64}))
    assert both == manifest | {"streebog256": {"a.pdf": "1" * 64}}
