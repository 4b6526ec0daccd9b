"""Nothing a released operation promised is taken back; `make release-api` keeps the promise."""

from __future__ import annotations

import json
from pathlib import Path

from town import Town

from service.web.openapi.compatible import breaks

RELEASED = json.loads((Path(__file__).parent / "released.json").read_text(encoding="utf-8"))


def test_nothing_released_changes_its_meaning(quiet_town: Town) -> None:
    present = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    assert breaks(RELEASED, present, quiet_town.clock().date()) == []
