"""The town, for this suite."""

from thick import thin
from town import authority, quiet_town, sealed_town, town

__all__ = ["authority", "quiet_town", "sealed_town", "thin", "town"]
