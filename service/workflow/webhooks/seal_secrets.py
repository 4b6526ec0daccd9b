"""Secrets that lie open, or sealed with an older key, are sealed with the newest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from service.ledger.database import Database
from service.ledger.outgoing import webhooks
from service.ledger.outgoing.webhooks import Secret
from service.workflow.webhooks.sealing import Keys, SecretSealed, is_settled, seal, unseal

AT_ONCE = 200  # addresses in one transaction


@dataclass(frozen=True, slots=True)
class SealSecrets:
    """Seals what ledgers of older versions and keys hold; a secret that has ended is forgotten."""

    database: Database
    keys: Keys

    def __call__(self, at: datetime) -> tuple[SecretSealed, ...]:
        """Seal them; return what cannot be opened, a problem an address: events wait there."""
        with self.database.reading() as connection:
            known = webhooks.secrets_of_all(connection)
        stale = [name for name, held in known.items() if not self._settled(held, at)]
        return tuple(
            problem
            for first in range(0, len(stale), AT_ONCE)
            for problem in self._seal(stale[first : first + AT_ONCE], at)
        )

    def _seal(self, names: Iterable[str], at: datetime) -> list[SecretSealed]:
        problems = []
        with self.database.writing() as connection:
            for name in names:
                webhook = webhooks.find(connection, name)
                if webhook is None:
                    continue  # removed meanwhile
                try:
                    resealed = self._resealed(name, webhook.secrets_at(at))
                except SecretSealed as error:
                    problems.append(error)
                else:
                    webhooks.put(connection, replace(webhook, secrets=resealed))
        return problems

    def _resealed(self, webhook: str, held: Iterable[Secret]) -> tuple[Secret, ...]:
        return tuple(
            replace(one, stored=seal(self.keys, webhook, unseal(self.keys, webhook, one.stored)))
            for one in held
        )

    def _settled(self, held: tuple[Secret, ...], at: datetime) -> bool:
        return is_settled(self.keys, (one.stored for one in held)) and all(
            one.lasts(at) for one in held
        )
