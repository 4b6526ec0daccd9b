"""Where working files are: on this host, or shared by all that work on one database."""

from __future__ import annotations

from service.archive.shelf import Shelf, open_shelf
from service.ledger.files import Files
from service.settings import Settings


def files(settings: Settings) -> Files:
    """Return the working files: of this host, or shared with others through a bucket."""
    return Files(settings.data, shared(settings))


def shared(settings: Settings) -> Shelf | None:
    """Return the bucket that hosts of one database share, if they do."""
    shelf = settings.stores.working
    if shelf is None:
        return None
    return open_shelf(
        endpoint=shelf.endpoint,
        bucket=shelf.bucket,
        access_key=shelf.access_key,
        secret_key=shelf.secret_key.get_secret_value(),
        secure=shelf.secure,
        region=shelf.region,
    )
