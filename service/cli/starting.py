"""What a process of the service does first: read the settings, log, make the tables ready."""

from __future__ import annotations

import os
from pathlib import Path

from service.bootstrap import logs
from service.bootstrap.ground import prepare
from service.bootstrap.watching import begin
from service.settings import Settings, load


def ready(file: Path, role: str) -> Settings:
    """Return the settings of a process whose log, data folder and tables are ready."""
    settings = load(file, os.environ)
    logs.configure(settings, role)
    prepare(settings)
    begin(settings, role)
    return settings
