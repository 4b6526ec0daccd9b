"""The town, for this suite."""

from town import authority, quiet_town, town

__all__ = ["authority", "quiet_town", "town"]
