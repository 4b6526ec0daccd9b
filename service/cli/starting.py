"""What a process of the service does first: read the settings, make the tables ready, log."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from service.bootstrap.ground import prepare
from service.settings import Settings, load

NOISY = ("alembic", "dbos", "weasyprint", "fontTools", "pyhanko", "pyhanko_certvalidator")


def ready(file: Path) -> Settings:
    """Return the settings of a service whose data folder and tables are ready."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for library in NOISY:
        logging.getLogger(library).setLevel(logging.WARNING)
    settings = load(file, os.environ)
    prepare(settings)
    return settings
