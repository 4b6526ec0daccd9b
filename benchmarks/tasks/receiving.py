"""A journal's snapshot comes in through the web application: unpacked, checked, kept."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness.task import Watch
from service.archive.folder import prepare_folder
from service.bootstrap.ground import prepare
from service.bootstrap.serving import bootstrap
from service.domain.intake import pieces
from service.settings import load
from service.web.app import create_app

SECRET = "measured"
SETTINGS = """
data = "data"
[signing]
trust = "trust"
[stores.primary]
kind = "folder"
name = "A"
path = "A"
[stores.replica]
kind = "folder"
name = "B"
path = "B"
[schools.{school}]
[[tokens]]
id = "journal"
sha256 = "{token}"
school = "{school}"
roles = ["system"]
"""


def receive(watch: Watch, source: str) -> dict[str, Any]:
    """Post a snapshot, packed, as a journal does."""
    body = Path(source).read_bytes()
    outline = pieces.split(body)
    assert outline is not None
    school = json.loads(outline.outline)["school"]["id"]
    packed = gzip.compress(body, 6)
    size = len(body)
    del body
    token = f"vd_journal_{SECRET * 4}"
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "trust").mkdir()
        for name in ("A", "B"):
            prepare_folder(name, place / name)
        file = place / "vedomost.toml"
        file.write_text(
            SETTINGS.format(school=school, token=sha256(token.encode()).hexdigest()), "utf-8"
        )
        settings = load(file, {})
        prepare(settings)
        service = bootstrap(settings)
        client = create_app(service).test_client()
        with watch.running():
            answer = client.post(
                f"/v1/schools/{school}/snapshots",
                data=packed,
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}", "Content-Encoding": "gzip"},
            )
        service.close()
        if answer.status_code != 201:
            raise AssertionError(answer.text)
    return {"bytes": size}
