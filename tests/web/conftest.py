"""The town, for this suite."""

from national import gost, national
from town import authority, quiet_town, town

__all__ = ["authority", "gost", "national", "quiet_town", "town"]
