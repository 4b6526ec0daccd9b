"""The service as its clients see it: typed calls made from its OpenAPI description."""

from __future__ import annotations
