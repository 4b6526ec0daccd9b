"""The town, for this suite."""

from ages import ages
from national import gost, national
from office import archive, attested, office
from school_year import quiet_year, signed_year
from thick import thin
from town import authority, quiet_town, sealed_town, town

__all__ = [
    "ages",
    "archive",
    "attested",
    "authority",
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
