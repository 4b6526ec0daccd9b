"""The town, for this suite."""

from school_year import quiet_year
from thick import thin
from town import authority, quiet_town, town

__all__ = ["authority", "quiet_town", "quiet_year", "thin", "town"]
