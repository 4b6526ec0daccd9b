"""Whether the secrets of webhooks lie sealed in the ledger, and can be opened."""

from __future__ import annotations

from service.bootstrap import outgoing
from service.bootstrap.health import Level, Told
from service.jobs.advance import Clock
from service.ledger.database import Database
from service.ledger.outgoing import webhooks
from service.settings import Settings
from service.workflow.webhooks.sealing import (
    Keys,
    SecretSealed,
    is_sealed,
    is_settled,
    unseal,
)

GIVE = "Сделайте ключ (openssl rand -hex 32) и задайте его в webhooks.keys, лучше файлом."


def secrets_sealed(settings: Settings, database: Database, clock: Clock) -> Told:
    """Look how the secrets in force lie; nothing of them is told."""
    keys, at = outgoing.keys(settings), clock()
    with database.reading() as connection:
        known = webhooks.secrets_of_all(connection)
    held = {
        name: tuple(one.stored for one in secrets if one.lasts(at))
        for name, secrets in known.items()
    }
    shut = [name for name, stored in held.items() if not _opens(keys, name, stored)]
    if shut:
        told = f"Не открываются секреты адресов: {len(shut)} из {len(held)}, события на них ждут."
        return Level.FAIL, told, "Верните в webhooks.keys ключ, которым они запечатаны."
    if not keys.each and not held:
        told = "Адресов для событий нет, ключа тоже: их секреты лягут в базу данных открыто."
        return Level.WARN, told, GIVE
    if not keys.each:
        return Level.WARN, f"Секреты адресов лежат в базе данных открыто: {len(held)}.", GIVE
    plain = sum(not all(map(is_sealed, stored)) for stored in held.values())
    if plain:
        told = f"Ещё не запечатаны секреты адресов: {plain} из {len(held)}."
        return (
            Level.WARN,
            told,
            "Их запечатает обработчик, раз в сутки: проверьте, что он работает.",
        )
    older = sum(not is_settled(keys, stored) for stored in held.values())
    if older:
        told = f"Прежним ключом запечатаны секреты адресов: {older} из {len(held)}"
        return Level.OK, f"{told}, не убирайте его: обработчик сменит его за сутки.", ""
    return Level.OK, f"Секреты адресов запечатаны: {len(held)}.", ""


def _opens(keys: Keys, webhook: str, stored: tuple[str, ...]) -> bool:
    try:
        for one in stored:
            unseal(keys, webhook, one)
    except SecretSealed:
        return False
    return True
