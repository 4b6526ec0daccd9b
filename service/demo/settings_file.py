"""The settings file of the demo's service: two stores, its schools, who signs, who may ask."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from service.demo.places import Place
from service.domain.approving.approval import Role
from service.domain.snapshot import School


@dataclass(frozen=True, slots=True)
class Tokens:
    """Bearer tokens of one school by who holds them; drawn anew at every start."""

    system: str
    deputy: str
    director: str

    @classmethod
    def drawn(cls, number: int) -> Tokens:
        """Return new tokens for the school of that number."""
        holders = ("system", "deputy", "director")
        return cls(*(f"vd_{who}-{number}_{secrets.token_urlsafe(32)}" for who in holders))

    def of(self, role: Role) -> str:
        """Return the token of who signs in a role."""
        return {Role.DEPUTY: self.deputy, Role.DIRECTOR: self.director}[role]


@dataclass(frozen=True, slots=True)
class Served:
    """A school served: who signs for it (full names) and its tokens."""

    school: School
    signatories: Mapping[Role, str]
    tokens: Tokens


def kept_key(path: Path) -> str:
    """Return the key that secrets of webhooks are sealed with: the same at every start."""
    if not path.exists():
        ready = path.with_suffix(".new")
        ready.touch(mode=0o600)
        ready.write_text(secrets.token_hex(32), encoding="ascii")
        ready.replace(path)
    return path.read_text(encoding="ascii")


def write(
    path: Path,
    *,
    data: Path,
    listen: str,
    trust: Path,
    tsa: str,
    webhook_key: str,
    stores: Sequence[Place],
    schools: Iterable[Served],
) -> None:
    """Write the file, readable by its owner only: it holds the keys to the stores."""
    primary, replica = stores
    served = tuple(schools)
    sections = [
        _table("", {"data": str(data.resolve())}),
        _table("web", {"listen": listen}),
        _table("signing", {"trust": str(trust.resolve()), "tsa": [tsa]}),
        _table("worker", {"retry_first": 1.0}),
        _table("webhooks", {"keys": webhook_key}),
        _table("stores.primary", primary.settings),
        _table("stores.replica", replica.settings),
        *(section for one in served for section in _school(one)),
    ]
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(sections), encoding="utf-8")


def _school(served: Served) -> Iterator[str]:
    key = f"schools.{json.dumps(served.school.id)}"
    yield _table(key, {"timezone": served.school.timezone})
    for role, name in served.signatories.items():
        yield _table(f"[{key}.signatories]", {"role": role.value, "name": name})
    for duty, token in asdict(served.tokens).items():
        yield _table(
            "[tokens]",
            {
                "id": token.split("_")[1],
                "sha256": hashlib.sha256(token.encode()).hexdigest(),
                "school": served.school.id,
                "roles": [duty],
            },
        )


def _table(name: str, values: Mapping[str, object]) -> str:
    """Return a TOML table: strings, numbers, truth and lists look there as they do in JSON."""
    head = f"[{name}]\n" if name else ""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return head + "".join(lines)
