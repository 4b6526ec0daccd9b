"""Families of figures for Prometheus: one for each value of a label."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily


def gauge(name: str, told: str, label: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    """Return how many there are now, by the values of a label."""
    family = GaugeMetricFamily(name, told, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family


def counter(name: str, told: str, label: str, counts: Mapping[str, int]) -> CounterMetricFamily:
    """Return how many there ever were, by the values of a label."""
    family = CounterMetricFamily(name, told, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family
