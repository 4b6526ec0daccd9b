"""The town, for this suite."""

from ages import ages
from office import archive, attested, office
from thick import thin
from town import authority, quiet_town, sealed_town, town

__all__ = [
    "ages",
    "archive",
    "attested",
    "authority",
    "office",
    "quiet_town",
    "sealed_town",
    "thin",
    "town",
]
