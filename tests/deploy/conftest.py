"""Whoever signs in a region that was brought up."""

from __future__ import annotations

from town import authority

__all__ = ["authority"]
