"""Events as the description tells them: what is sent to the addresses a school names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from service.domain.events import TYPES, EventType
from service.web.http.operations import JSON
from service.web.openapi.models import Models
from service.web.webhooks.models import (
    AboutDocument,
    AboutPackage,
    AboutRun,
    AboutSigning,
    AboutSnapshot,
    AboutWebhook,
)

ABOUT: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "document": AboutDocument,
        "package": AboutPackage,
        "run": AboutRun,
        "signing": AboutSigning,
        "snapshot": AboutSnapshot,
        "webhook": AboutWebhook,
    }
)
GROUP = "Вебхуки"
DESCRIPTION = (
    "Отправляется на адреса школы по спецификации Standard Webhooks: подпись — в заголовке "
    "`webhook-signature`, проверить её умеют готовые библиотеки. Доставка — хотя бы один раз: по "
    "`webhook-id` отбросьте повтор. Порядок не обещан: смотрите `timestamp` и `generation`."
)
HEADERS = (
    ("webhook-id", "Номер события: при повторах тот же", "^evt_[0-9a-f]{32}$"),
    ("webhook-timestamp", "Когда сделана эта попытка, секунды Unix", "^[0-9]+$"),
    (
        "webhook-signature",
        "Подписи через пробел: `v1,` и base64 HMAC-SHA256 от `webhook-id.webhook-timestamp.тело`",
        "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$",
    ),
)
ANSWERS = {
    "2XX": {"description": "Событие принято"},
    "410": {"description": "Больше не отправлять: адрес отключается"},
    "default": {"description": "Не принято: попытка повторится через 10 с … 24 ч"},
}

_DOCUMENT = {
    "school": "sosh18",
    "document": "bad61c20a26c3e0788cf2a0e80e9b5e5",
    "kind": "class-results",
    "class": "c8a",
    "term": "q1",
    "year": "2026/2027",
    "version": 1,
    "volume": 1,
    "snapshot": "ebc4d7bcb92ade2c48d28b36c84ea040",
    "generation": 2,
    "link": "/v1/documents/bad61c20a26c3e0788cf2a0e80e9b5e5",
}
_RUN = {
    "school": "sosh18",
    "run": "b4c1f3a2d5e60718",
    "entry": "year-end",
    "year": "2026/2027",
    "link": "/v1/runs/b4c1f3a2d5e60718",
}
_PDF = {"pdf_sha256": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"}
_SIGNED = {
    "session": "5f0c61a2b1c84d0f9a3e7d6c2b1a0f98",
    "role": "director",
    "certificate_sha256": "6ca13d52ca70c883e0f0bb101e425a89e8624de51db2d2392593af6a84118090",
    "level": "PAdES-B-T",
}
_DATA: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "document": _DOCUMENT,
        "document.printed": _DOCUMENT | _PDF | {"role": "deputy"},
        "document.awaiting-signature": _DOCUMENT | _PDF | {"role": "deputy"},
        "document.signed": _DOCUMENT | _SIGNED,
        "document.archived": _DOCUMENT | _PDF,
        "document.failed": _DOCUMENT | {"code": "worker-lost"},
        "document.rejected": _DOCUMENT | _PDF | {"code": "rejected"},
        "signing.refused": _DOCUMENT
        | {
            "session": "5f0c61a2b1c84d0f9a3e7d6c2b1a0f98",
            "role": "director",
            "code": "not-signatory",
        },
        "snapshot": {
            "school": "sosh18",
            "snapshot": "ebc4d7bcb92ade2c48d28b36c84ea040",
            "sha256": "ebc4d7bcb92ade2c48d28b36c84ea040362aac8d48cec544db374c9dc25f8ff2",
            "link": "/v1/schools/sosh18/snapshots/ebc4d7bcb92ade2c48d28b36c84ea040",
        },
        "package": {
            "school": "sosh18",
            "package": "361502dbf6740d1df52001b18e5bb1e7",
            "manifest_sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            "documents": 90,
            "link": "/v1/packages/361502dbf6740d1df52001b18e5bb1e7",
        },
        "package.signed": {
            "school": "sosh18",
            "package": "361502dbf6740d1df52001b18e5bb1e7",
            "generation": 1,
            "link": "/v1/packages/361502dbf6740d1df52001b18e5bb1e7",
        }
        | _SIGNED,
        "signing": {
            "school": "sosh18",
            "signing": "5f0c61a2b1c84d0f9a3e7d6c2b1a0f98",
            "role": "director",
            "link": "/v1/signing-sessions/5f0c61a2b1c84d0f9a3e7d6c2b1a0f98",
        },
        "run": _RUN,
        "snapshot.wanted": _RUN | {"due": "2027-06-15", "days": 3, "classes": ["c8a", "c9b"]},
        "documents.due": _RUN | {"due": "2027-06-20", "days": 2, "documents": 4},
        "signing.due": _RUN | {"due": "2027-06-30", "days": 5, "waiting": {"director": 37}},
        "webhook": {
            "school": "sosh18",
            "webhook": "9f2c4b1e7a5d3086",
            "link": "/v1/schools/sosh18/webhooks/9f2c4b1e7a5d3086",
        },
        "webhook.disabled": {
            "school": "sosh18",
            "webhook": "9f2c4b1e7a5d3086",
            "reason": "failing",
            "link": "/v1/schools/sosh18/webhooks/9f2c4b1e7a5d3086",
        },
    }
)


def events(models: Models) -> dict[str, Any]:
    """Return the webhooks of the description, by type of event."""
    return {name: {"post": _event(one, models)} for name, one in TYPES.items()}


def _event(one: EventType, models: Models) -> dict[str, Any]:
    about = [models[ABOUT[one.about]]]
    if one.name == "signing.refused":
        about.append(models[AboutPackage])
    schema = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": one.name, "description": "Тип события"},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "Когда это произошло",
            },
            "data": about[0] if len(about) == 1 else {"anyOf": about},
        },
    }
    example = {
        "type": one.name,
        "timestamp": "2027-06-15T05:32:00+00:00",
        "data": _DATA.get(one.name, _DATA[one.about]),
    }
    return {
        "operationId": f"event_{one.name.replace('.', '_').replace('-', '_')}",
        "tags": [GROUP],
        "summary": one.told,
        "description": DESCRIPTION,
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": told,
                "schema": {"type": "string", "pattern": pattern},
            }
            for name, told, pattern in HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": schema, "example": example}},
        },
        "responses": ANSWERS,
    }
