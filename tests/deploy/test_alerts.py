"""The alerts of `deploy/prometheus` ask for nothing but what the service tells."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))
TOLD = re.compile(r'"(vedomost_[a-z_]+)"')
SOURCES = ("service/observing/prometheus.py", "service/bootstrap/figures.py")
COUNTED = re.compile(r'(?:Counter|_counter)\(\s*"(vedomost_[a-z_]+)"')


def told() -> set[str]:
    """Return the names of all series, as Prometheus stores them."""
    sources = "".join((ROOT / one).read_text("utf-8") for one in SOURCES)
    counters = set(COUNTED.findall(sources))
    return {f"{one}_total" if one in counters else one for one in TOLD.findall(sources)}


def test_alerts_ask_for_what_is_told() -> None:
    rules = [rule for group in RULES["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 5
    known = told()
    for rule in rules:
        asked = set(re.findall(r"vedomost_[a-z_]+", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= known, rule["alert"]
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "description"}
