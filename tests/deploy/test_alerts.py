"""Alerts and the dashboard of `deploy` ask for nothing but what the service tells."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))
BOARD = json.loads((ROOT / "deploy" / "grafana" / "vedomost.json").read_text("utf-8"))
TOLD = re.compile(r'"(vedomost_[a-z_]+)"')
SOURCES = (
    "service/observing/prometheus.py",
    "service/bootstrap/figures.py",
    "service/bootstrap/run_figures.py",
)
COUNTED = re.compile(r'(?:Counter|counter|CounterMetricFamily)\(\s*"(vedomost_[a-z_]+)"')
MEASURED = re.compile(r'Histogram\(\s*"(vedomost_[a-z_]+)"')


def told() -> set[str]:
    """Return the names of all series, as Prometheus stores them."""
    sources = "".join((ROOT / one).read_text("utf-8") for one in SOURCES)
    counters, histograms = set(COUNTED.findall(sources)), set(MEASURED.findall(sources))
    plain = {f"{one}_total" if one in counters else one for one in TOLD.findall(sources)}
    return (plain - histograms) | {
        f"{one}_{part}" for one in histograms for part in ("bucket", "sum", "count")
    }


def asked(expression: str) -> set[str]:
    """Return the names of the series an expression asks for."""
    return set(re.findall(r"\bvedomost_[a-z_]+", expression))


def test_alerts_ask_for_what_is_told() -> None:
    rules = [rule for group in RULES["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    known = told()
    for rule in rules:
        assert asked(rule["expr"]), rule["alert"]
        assert asked(rule["expr"]) <= known, rule["alert"]
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "description"}


def test_the_dashboard_shows_what_is_told() -> None:
    panels: list[dict[str, Any]] = [one for one in BOARD["panels"] if one["type"] != "row"]
    numbers = [one["id"] for one in BOARD["panels"]]
    assert len(set(numbers)) == len(numbers)
    known = told()
    shown = set()
    for panel in panels:
        assert panel["targets"], panel["title"]
        for target in panel["targets"]:
            assert asked(target["expr"]), panel["title"]
            assert asked(target["expr"]) <= known, panel["title"]
            assert target["expr"].count("(") == target["expr"].count(")")
            shown |= asked(target["expr"])
        assert {one["datasource"]["uid"] for one in panel["targets"]} == {"${datasource}"}
    unseen = {one for one in known - shown if not one.endswith(("_sum", "_count"))}
    assert unseen == {"vedomost_disk_size_bytes"}  # asked for by an alert
