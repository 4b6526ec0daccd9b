"""The town, for this suite."""

from thick import thin
from town import authority, quiet_town, town

__all__ = ["authority", "quiet_town", "thin", "town"]
