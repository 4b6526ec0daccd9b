"""Whose certificates count and who stamps the time, as the settings say."""

from __future__ import annotations

from service.settings import Settings, SettingsWrong
from signing.timestamps import Timestamper
from signing.trust import Trust


def trust(settings: Settings) -> Trust:
    """Return trust in the roots of the settings' folder; SettingsWrong if there is none."""
    folder = settings.signing.trust
    if not folder.is_dir():
        raise SettingsWrong(
            f"signing.trust: папки {folder} нет. Положите в неё корневые сертификаты "
            "удостоверяющих центров (PEM или DER)."
        )
    return Trust.folder(folder, settings.signing.timeout)


def timestamper(settings: Settings) -> Timestamper | None:
    """Return the timestamp authorities as one; None: the settings name none."""
    urls = settings.signing.tsa
    return Timestamper(urls, settings.signing.timeout) if urls else None
