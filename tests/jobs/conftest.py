"""The town, for this suite."""

from school_year import quiet_year
from thick import thin
from town import quiet_town, town

__all__ = ["quiet_town", "quiet_year", "thin", "town"]
