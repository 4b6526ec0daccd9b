"""Says what a client of the released API would stumble over, or releases the API as it is today."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from client import description

from service.web.openapi.compatible import breaks

RELEASED = Path(__file__).parent.parent / "tests" / "web" / "released.json"
PROSE = {"description", "summary", "title", "example", "tags", "links"}
NAMED = {"properties", "x-problems", "headers", "schemas", "responses", "paths"}


def main() -> int:
    """Compare, or with `--release` keep today's description."""
    present = description()
    if "--release" in sys.argv:
        told = meaning({key: present[key] for key in ("openapi", "paths", "components")})
        written = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        RELEASED.write_text(f"{written}\n", encoding="utf-8")
        return 0
    found = breaks(
        json.loads(RELEASED.read_text(encoding="utf-8")), present, datetime.now(UTC).date()
    )
    sys.stderr.writelines(f"{one}\n" for one in found)
    return bool(found)


def meaning(value: Any, *, names: bool = False) -> Any:
    """Return a description without its prose; `names` are keys somebody chose, so all stay."""
    match value:
        case dict():
            return {
                key: one if key == "default" else meaning(one, names=not names and key in NAMED)
                for key, one in value.items()
                if names or key not in PROSE
            }
        case list():
            return [meaning(one) for one in value]
        case _:
            return value


if __name__ == "__main__":
    sys.exit(main())
