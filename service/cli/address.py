"""Addresses of the service's API as people give them on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from service.client.errors import AddressWrong
from service.client.wire import API


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service is (`base`), and a path of its API there."""

    base: str
    path: str

    @classmethod
    def read(cls, text: str) -> Address:
        """Take an address of the API apart, or raise AddressWrong that says what is missing."""
        example = "Нужен адрес вида https://служба/v1/signing-sessions/…"
        try:
            parts = urlsplit(text.strip())
            _ = parts.port
        except ValueError:
            raise AddressWrong(f"«{text}» — не адрес. {example}") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AddressWrong(f"«{text}»: адрес начинается с https:// или http://. {example}")
        before, slash, rest = parts.path.partition(API)
        path = f"{API}{rest.rstrip('/')}" if slash else ""
        return cls(f"{parts.scheme}://{parts.netloc}{before.rstrip('/')}", path)
