"""Who asks: bearer tokens by their SHA-256, and what each may do at which school."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import Request

from service.domain.approval import Role
from service.domain.errors import Fault, Missing, Rejected
from service.domain.rights import REGION, SIGNING, Duty, Right, holders
from service.settings import Token
from service.web.problems import Forbidden, Unknown

SHAPE = re.compile(r"Bearer (vd_([a-z0-9-]{1,32})_[A-Za-z0-9_-]{16,128})")
NOBODY = "0" * 64


class NotFound(Missing):
    """It may be there, but not for this token: another school's things do not even exist."""

    code = "not-found"
    title = "Не найдено"


class SchoolUnnamed(Rejected):
    """Somebody of every school has to say which one is meant."""

    code = "school-unnamed"
    title = "Не указана школа"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever holds a token; of the school `*`: of every school."""

    id: str
    school: str
    duties: frozenset[Duty]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles this caller signs or sends back in."""
        return frozenset(Role(one.value) for one in self.duties & SIGNING)

    def at(self, school: str) -> None:
        """Pass if the caller belongs to a school; others learn nothing of it."""
        if not self.sees(school):
            raise NotFound("Ничего не найдено: проверьте адрес и токен.")

    def sees(self, school: str) -> bool:
        """Whether the caller belongs to a school."""
        return self.school in {school, REGION}

    def chosen(self, school: str | None) -> str:
        """Return the school a search is about: the caller's own, unless one is named."""
        chosen = school or self.school
        if chosen == REGION:
            message = "Ваш токен — для всех школ: назовите школу, например ?school=sosh18."
            raise SchoolUnnamed(message, (Fault("/school", "school-unnamed", message),))
        self.at(chosen)
        return chosen

    def may(self, right: Right) -> None:
        """Pass if one of the caller's duties gives a right."""
        self._one_of(holders(right))

    def acts_as(self, role: str) -> None:
        """Pass if the caller signs in a role."""
        self._one_of(frozenset({Duty(role)}))

    def _one_of(self, duties: frozenset[Duty]) -> None:
        if not self.duties & duties:
            wanted = " или ".join(one for one in Duty if one in duties)
            raise Forbidden(f"Для этого токену нужна роль: {wanted}. Обратитесь к администратору.")


def caller(request: Request, tokens: Mapping[str, Token]) -> Caller:
    """Return who asks; the comparison takes the same time whatever was sent."""
    sent = SHAPE.fullmatch(request.headers.get("Authorization", ""))
    token = tokens.get(sent[2]) if sent else None
    hashed = sha256((sent[1] if sent else "").encode()).hexdigest()
    good = hmac.compare_digest(hashed, token.sha256 if token else NOBODY)
    if token is None or not good:
        raise Unknown("Нужен заголовок Authorization: Bearer vd_… с действующим токеном.")
    return Caller(token.id, token.school, frozenset(token.roles))
