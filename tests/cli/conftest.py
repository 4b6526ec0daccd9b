"""The town, for this suite."""

from ages import ages
from office import archive, office
from town import authority, quiet_town, town

__all__ = ["ages", "archive", "authority", "office", "quiet_town", "town"]
