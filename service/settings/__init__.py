"""Everything an operator can turn: one TOML file and the environment, read once, frozen."""

from __future__ import annotations

from service.settings.access import AccessSettings, LimitsSettings
from service.settings.model import (
    ROOT,
    BucketSettings,
    FolderSettings,
    Settings,
    StoreSettings,
)
from service.settings.reading import PREFIX, SettingsWrong, load, secret_files
from service.settings.schools import Token

__all__ = [
    "PREFIX",
    "ROOT",
    "AccessSettings",
    "BucketSettings",
    "FolderSettings",
    "LimitsSettings",
    "Settings",
    "SettingsWrong",
    "StoreSettings",
    "Token",
    "load",
    "secret_files",
]
