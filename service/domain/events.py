"""What is told to others of what happened: which lines of the audit log are public, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

RENDERING = "rendering"
AWAITING = "awaiting-"
RUN = "run-"


@dataclass(frozen=True, slots=True)
class EventType:
    """A public type of events: what it is about, and what it says, for the description."""

    name: str
    about: str  # document, snapshot, package, signing, run, webhook
    told: str


_TYPES = (
    EventType("document.ordered", "document", "Документ заказан"),
    EventType("document.printed", "document", "Документ напечатан, файлы можно скачать"),
    EventType("document.awaiting-signature", "document", "Документ ждёт подписи роли role"),
    EventType("document.signed", "document", "Документ подписан ролью role"),
    EventType("document.archived", "document", "Документ лежит в обоих хранилищах"),
    EventType("document.failed", "document", "Документ не удалось напечатать или сохранить: code"),
    EventType("document.rejected", "document", "Документ возвращён без подписи"),
    EventType("document.cancelled", "document", "Заказ документа отменён"),
    EventType("snapshot.accepted", "snapshot", "Снимок журнала принят"),
    EventType("snapshot.wanted", "run", "Прогону нужен снимок журнала: отправьте его"),
    EventType("package.created", "package", "Пакет документов собран"),
    EventType("package.signed", "package", "Опись пакета подписана ролью role"),
    EventType("signing.opened", "signing", "Сеанс подписания открыт"),
    EventType("signing.closed", "signing", "Сеанс подписания закрыт"),
    EventType("signing.refused", "document", "Подпись не принята: code"),
    EventType("signing.due", "run", "Подходит срок подписания: waiting — кого ждут документы"),
    EventType("documents.due", "run", "Подходит срок печати: documents — сколько не напечатано"),
    EventType("run.started", "run", "Прогон начат"),
    EventType("run.restarted", "run", "Прогон, или один класс в нём, начат заново"),
    EventType("run.finished", "run", "Прогон закончен: все документы в архиве"),
    EventType("run.cancelled", "run", "Прогон отменён"),
    EventType("webhook.disabled", "webhook", "Другой адрес этой школы отключён: reason"),
    EventType("webhook.test", "webhook", "Проверочное событие, отправлено по просьбе"),
)
TYPES: Mapping[str, EventType] = MappingProxyType({one.name: one for one in _TYPES})
TEST = "webhook.test"

_OF_DOCUMENTS = MappingProxyType(
    {
        "order": "document.ordered",
        "sign": "document.signed",
        "archived": "document.archived",
        "failed": "document.failed",
        "rejected": "document.rejected",
        "cancelled": "document.cancelled",
        "refuse-signature": "signing.refused",
    }
)
_OF_OTHERS = MappingProxyType(
    {
        "accept": "snapshot.accepted",
        "snapshot-wanted": "snapshot.wanted",
        "package": "package.created",
        "sign": "package.signed",
        "open-signing": "signing.opened",
        "close-signing": "signing.closed",
        "signing-due": "signing.due",
        "documents-due": "documents.due",
        "refuse-signature": "signing.refused",
        "webhook-disable": "webhook.disabled",
    }
)


def public(action: str, details: Mapping[str, Any], *, of_document: bool) -> tuple[str, ...]:
    """Return the types of the events a line of the audit log is told as; none: it is not told."""
    if of_document:
        types = [_OF_DOCUMENTS[action]] if action in _OF_DOCUMENTS else []
        if details.get("from") == RENDERING and (
            action.startswith(AWAITING) or action == "depositing"
        ):
            types.append("document.printed")
        if action.startswith(AWAITING):
            types.append("document.awaiting-signature")
        return tuple(types)
    named = _OF_OTHERS.get(action, action.replace(RUN, "run.", 1))
    return (named,) if named in TYPES else ()
