"""Headers an answer may carry, as the description names them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

TEXT = {"type": "string"}

HEADERS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "X-Request-Id": {
            "description": "Номер запроса: присланный в таком же заголовке или назначенный "
            "службой. Назовите его, если обратитесь к администратору.",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{8,64}$"},
        },
        "Location": {
            "description": "Адрес того, что создано или начато.",
            "schema": {"type": "string", "format": "uri-reference"},
        },
        "Set-Cookie": {
            "description": "Cookie входа, или начатого входа; после выхода — пустая.",
            "schema": TEXT,
        },
        "Idempotency-Replayed": {
            "description": "`true`, если это ответ на прежний запрос с тем же Idempotency-Key.",
            "schema": {"type": "string", "const": "true"},
        },
        "ETag": {
            "description": "Метка содержимого: пришлите её в `If-None-Match`, и неизменившееся "
            "не будет передано снова (304).",
            "schema": {"type": "string", "pattern": '^(W/)?"[^"]*"$'},
        },
        "Repr-Digest": {
            "description": "SHA-256 всего файла (RFC 9530), и тогда, когда передана его часть.",
            "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
        },
        "Accept-Ranges": {
            "description": "`bytes`, если файл можно забирать частями (заголовок `Range`).",
            "schema": {"type": "string", "enum": ["bytes", "none"]},
        },
        "Content-Range": {
            "description": "Какая часть файла передана и сколько в нём байт.",
            "schema": TEXT,
        },
        "Content-Disposition": {
            "description": "Имя, под которым файл стоит сохранить.",
            "schema": TEXT,
        },
        "Preference-Applied": {
            "description": "Что из `Prefer` исполнено: `wait=20` (RFC 7240).",
            "schema": TEXT,
        },
        "Retry-After": {
            "description": "Через сколько секунд повторить запрос.",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        },
        "WWW-Authenticate": {
            "description": "Какой доступ нужен: `Bearer`; если токен прислан, `error` говорит, что "
            "с ним: `invalid_token`, `insufficient_scope` (RFC 6750).",
            "schema": TEXT,
        },
        "Deprecation": {
            "description": "С какого времени операция устарела: `@` и секунды Unix (RFC 9745).",
            "schema": {"type": "string", "pattern": "^@[0-9]+$"},
        },
        "Sunset": {
            "description": "Когда операции не станет (RFC 8594).",
            "schema": TEXT,
        },
        "Link": {
            "description": "Связанные адреса (RFC 8288): `next` — следующая страница, "
            "`successor-version` — чем заменена устаревшая операция.",
            "schema": TEXT,
        },
    }
)


def named(*names: str) -> dict[str, Any]:
    """Return references to headers; every answer has X-Request-Id."""
    wanted = ("X-Request-Id", *names)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in wanted}
