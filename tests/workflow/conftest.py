"""The town, for this suite."""

from national import gost, national
from office import attested, office
from school_year import quiet_year, signed_year
from thick import thin
from town import quiet_town, sealed_town, town

__all__ = [
    "attested",
    "gost",
    "national",
    "office",
    "quiet_town",
    "quiet_year",
    "sealed_town",
    "signed_year",
    "thin",
    "town",
]
