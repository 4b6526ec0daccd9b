"""A certificate on a token, and how a person names it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signing import certificates
from signing.certificates import Certificate


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate on a token; `has_key` if its private key lies beside it."""

    certificate: Certificate
    id: bytes  # CKA_ID
    label: str  # CKA_LABEL
    has_key: bool = False

    def with_key(self, has_key: bool) -> Held:
        """Return the same, knowing whether its key is there."""
        return replace(self, has_key=has_key)

    def goes_with(self, key_id: bytes, key_label: str) -> bool:
        """Return whether a key belongs to it: by CKA_ID, or by label where it has none."""
        return self.id == key_id if self.id else self.label == key_label

    def is_called(self, name: str) -> bool:
        """Return whether `name` is its label, or its id or serial number in HEX."""
        plain = name.replace(":", "").replace(" ", "").upper()
        own = self.id.hex().upper(), certificates.serial(self.certificate)
        return name == self.label or plain.lstrip("0") in {one.lstrip("0") for one in own if one}

    def told(self) -> str:
        """Return how to tell it from others, without a word about its owner."""
        until = certificates.valid_until(self.certificate)
        return (
            f"{certificates.serial(self.certificate)} (идентификатор {self.id.hex() or 'не задан'},"
            f" действует до {until:%d.%m.%Y})"
        )
