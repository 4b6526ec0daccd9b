"""An administrator hands out access by token: grants, renews the secret, takes it back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from service.domain.access.rights import Reach
from service.domain.errors import Conflict, Rejected
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.people import tokens
from service.ledger.people.tokens import Token

ID_BYTES = 6
SECRET_BYTES = 32  # 256 bits: nobody guesses it, so a plain hash is enough to keep


class GrantRefused(Rejected):
    """What is to be granted contradicts itself, or is more than the giver may give."""

    code = "grant-refused"
    title = "Такой доступ дать нельзя"


class TokenRevoked(Conflict):
    """The token was revoked, or rotated by somebody else at this very moment."""

    code = "token-not-current"
    title = "Токен уже не действует"


@dataclass(frozen=True, slots=True)
class Giver:
    """Who hands out, and how far he himself gets."""

    id: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Granted:
    """A token with its secret, seen this once."""

    token: Token
    secret: str  # the whole of it: vd_<id>_<secret>


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens of the ledger."""

    database: Database

    def __call__(self, giver: Giver, wanted: Reach, description: str, at: datetime) -> Granted:
        """Make a token."""
        require_within(giver, wanted, at)
        name = secrets.token_hex(ID_BYTES)
        secret = _secret(name)
        token = Token(name, wanted, _hash(secret), description, giver.id, at)
        with self.database.writing() as connection:
            tokens.add(connection, token)
            _note(connection, giver, token, "grant-token", at)
        return Granted(token, secret)

    def rotate(self, giver: Giver, token: str, overlap: timedelta, at: datetime) -> Granted:
        """Make another secret; the one before stays good for `overlap`, those before it do not."""
        secret = _secret(token)
        with self.database.writing() as connection:
            found = tokens.get(connection, token)
            require_within(giver, found.reach, at)
            if not tokens.rotate(connection, found, _hash(secret), at + overlap):
                raise TokenRevoked("Этот токен отозван: создайте новый.")
            _note(connection, giver, found, "rotate-token", at)
            return Granted(tokens.get(connection, token), secret)

    def revoke(self, giver: Giver, token: str, at: datetime) -> Token:
        """Take a token back at once; again changes nothing."""
        with self.database.writing() as connection:
            if tokens.revoke(connection, token, at):
                _note(connection, giver, tokens.get(connection, token), "revoke-token", at)
            return tokens.get(connection, token)


def require_within(giver: Giver, wanted: Reach, at: datetime) -> None:
    """Pass if the giver may give such a reach, or raise GrantRefused."""
    if (fault := giver.reach.fault_in_giving(wanted)) is not None:
        raise GrantRefused(fault.message, (fault,))
    if wanted.until is not None and wanted.until <= at:
        raise GrantRefused("Этот срок уже прошёл: назовите будущее время или не называйте.")


def _secret(name: str) -> str:
    return f"vd_{name}_{secrets.token_urlsafe(SECRET_BYTES)}"


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _note(connection: Connection, giver: Giver, token: Token, what: str, at: datetime) -> None:
    reach = token.reach
    details = {
        "duties": sorted(reach.duties),
        "scopes": None if reach.scopes is None else sorted(reach.scopes),
        "classes": sorted(reach.classes),
        "expires_at": reach.until.isoformat() if reach.until else None,
    }
    audit.append(connection, audit.Event(at, reach.school, token.id, giver.id, what, details))
