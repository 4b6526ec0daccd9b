"""Secrets of webhooks as they lie in the ledger: AES-256-GCM, bound to the id of their address."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.errors import Unavailable

VERSION = "v1"
NONCE = 12  # bytes, before what is sealed (NIST SP 800-38D, 8.2.2)
NAME = 8  # hex digits of a key's SHA-256 that tell it from others


class SecretSealed(Unavailable):
    """A secret is sealed with a key the settings do not name, or is damaged."""

    code = "webhook-secret-sealed"
    title = "Секрет адреса для событий не открывается"


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of 32 bytes: the first seals, each opens; without any, secrets lie as they are."""

    each: tuple[bytes, ...] = field(default=(), repr=False)


def seal(keys: Keys, webhook: str, secret: str) -> str:
    """Return how a secret lies in the ledger: `v1:<key>:<base64>`; unsealed without a key."""
    if not keys.each:
        return secret
    key = keys.each[0]
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, secret.encode(), webhook.encode())
    return f"{VERSION}:{key_name(key)}:{urlsafe_b64encode(sealed).decode()}"


def unseal(keys: Keys, webhook: str, stored: str) -> str:
    """Return the secret; what an older ledger holds unsealed is the secret. Raises SecretSealed."""
    if not is_sealed(stored):
        return stored
    _, name, text = stored.split(":")
    for key in keys.each:
        if key_name(key) == name:
            sealed = urlsafe_b64decode(text)
            try:
                opened = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], webhook.encode())
            except InvalidTag:
                raise SecretSealed(
                    f"Секрет адреса {webhook} в базе данных повреждён: смените его без срока "
                    "(«overlap_minutes»: 0) и передайте получателю новый."
                ) from None
            return opened.decode()
    raise SecretSealed(
        f"Секрет адреса {webhook} запечатан ключом {name}, а в webhooks.keys его нет: верните "
        "этот ключ в настройки. Если он потерян, смените секрет без срока («overlap_minutes»: 0)."
    )


def is_sealed(stored: str) -> bool:
    """Whether a secret lies sealed."""
    return stored.startswith(f"{VERSION}:")


def is_settled(keys: Keys, stored: Iterable[str]) -> bool:
    """Whether secrets lie as they would if they were new."""
    if not keys.each:
        return not any(map(is_sealed, stored))
    start = f"{VERSION}:{key_name(keys.each[0])}:"
    return all(one.startswith(start) for one in stored)


def key_name(key: bytes) -> str:
    """Return what a key is called in the ledger; it tells nothing of the key."""
    return sha256(key).hexdigest()[:NAME]
