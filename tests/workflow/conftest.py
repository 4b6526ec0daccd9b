"""The town, for this suite."""

from ages import ages
from national import gost, national
from office import archive, attested, office
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
    "sealed_town",
    "thin",
    "town",
]
