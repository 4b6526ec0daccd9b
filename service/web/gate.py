"""The gate every request passes: who asks is found out here and nowhere else."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import Request

from service.jobs.advance import Clock
from service.ledger import tokens
from service.ledger.database import Database, DatabaseUnavailable
from service.settings import Token
from service.web.access import Caller
from service.web.problems import Unknown

SHAPE = re.compile(r"Bearer (vd_([a-z0-9-]{1,32})_[A-Za-z0-9_-]{16,128})")
NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Gate:
    """Knows the tokens of the settings by id, and those of the ledger."""

    given: Mapping[str, Token]
    database: Database
    clock: Clock

    def caller(self, request: Request) -> Caller:
        """Return who asks, or raise Unknown."""
        sent = SHAPE.fullmatch(request.headers.get("Authorization", ""))
        found = self._holder(sent[1], sent[2]) if sent else None
        if found is None:
            raise Unknown("Нужен заголовок Authorization: Bearer vd_… с действующим токеном.")
        return found

    def _holder(self, secret: str, name: str) -> Caller | None:
        hashed = sha256(secret.encode()).hexdigest()
        if (given := self.given.get(name)) is not None:
            return Caller(name, given.reach) if _matches(hashed, [given.sha256]) else None
        at = self.clock()
        with self.database.reading() as connection:
            token = tokens.find(connection, name)
        good = _matches(hashed, token.hashes(at) if token else [NOBODY])
        if token is None or not good or not token.lives(at):
            return None
        if token.used_at is None or token.used_at <= at - tokens.MINUTE:
            self._note(name, at)
        return Caller(name, token.reach)

    def _note(self, name: str, at: datetime) -> None:
        with suppress(DatabaseUnavailable), self.database.writing() as connection:
            tokens.used(connection, name, at)  # not worth failing the request for


def _matches(hashed: str, kept: Iterable[str]) -> bool:
    """Compare without telling by the time taken how much of a hash was right."""
    return any(hmac.compare_digest(hashed, one) for one in kept)
