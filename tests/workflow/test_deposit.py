"""What goes into the stores stays as the first of them has it, whatever changes meanwhile."""

from __future__ import annotations

from dataclasses import replace

from town import SCHOOL, Town

from service.archive.folder import open_folder
from service.archive.mirrored import MirroredStore


def test_manifest_of_one_store_is_the_manifest_of_both(town: Town) -> None:
    document = town.signed()
    away = (town.folder / "B").rename(town.folder / "B.away")
    town.work()
    assert town.document(document)["state"] == "in-one-store"
    sent = {"documents": [document]}
    packed = town.ask("secretary", "POST", f"/v1/schools/{SCHOOL}/packages", json=sent)
    assert packed.status_code == 201, packed.text
    away.rename(town.folder / "B")

    deposit = town.advance.work["in-one-store"]
    kinds = dict(deposit.kinds)
    kinds["class-results"] = replace(kinds["class-results"], case_index=lambda _: "other")
    stores = MirroredStore(*(open_folder(name, town.folder / name) for name in ("A", "B")))
    replace(deposit, kinds=kinds, store=stores)(document, town.clock)

    assert town.document(document)["state"] == "archived"
    manifests = {
        path.read_bytes()
        for store in ("A", "B")
        for path in town.archived_files(store)
        if path.name == "manifest.json"
    }
    assert len(manifests) == 1
    hashes = {one["sha256"] for one in town.document(document)["copies"]}
    assert len(hashes) == 3
