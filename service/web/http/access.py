"""Who asks, and what each may do at which school: the one value every view is given."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.access.rights import REGION, SIGNING, Duty, Reach, Right, rights_of
from service.domain.approving.approval import Role
from service.domain.errors import Fault, Missing, Rejected
from service.ledger.people.accounts import Account
from service.ledger.people.logins import Login
from service.web.http.problems import Forbidden
from service.workflow.people.grant import Giver
from service.workflow.people.log_in import Way

INSUFFICIENT = "insufficient_scope"  # RFC 6750, 3.1
NOTHING = "Ничего не найдено: проверьте адрес и токен."


class NotFound(Missing):
    """It may be there, but not for this token: another school's things do not even exist."""

    code = "not-found"
    title = "Не найдено"


class PasswordDue(Forbidden):
    """Whoever has a one-time password changes it before anything else."""

    code = "password-change-required"
    title = "Сначала смените одноразовый пароль"


class SchoolUnnamed(Rejected):
    """Somebody of every school has to say which one is meant."""

    code = "school-unnamed"
    title = "Не указана школа"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks, by token, cookie or certificate: views know no difference."""

    id: str
    reach: Reach
    way: Way = Way.TOKEN
    must_change_password: bool = False  # until then nothing but that

    @property
    def school(self) -> str:
        """The caller's own school; REGION of a region's administrators and auditors."""
        return self.reach.school

    @property
    def duties(self) -> frozenset[Duty]:
        """What the caller is."""
        return self.reach.duties

    @property
    def roles(self) -> frozenset[Role]:
        """The roles this caller signs or sends back in."""
        return frozenset(Role(one.value) for one in self.duties & SIGNING)

    @property
    def giver(self) -> Giver:
        """The caller as somebody who hands out access."""
        return Giver(self.id, self.reach)

    @property
    def classes(self) -> frozenset[str] | None:
        """The classes whose things exist for the caller (a class teacher), or None: all."""
        return self.reach.seen

    def sees_class(self, class_id: str) -> bool:
        """Whether a class's things exist for the caller."""
        return self.reach.sees(class_id)

    def at(self, school: str) -> None:
        """Pass if a school is the caller's; others learn nothing of it."""
        if not self.sees(school):
            raise NotFound(NOTHING)

    def at_class(self, school: str, class_id: str) -> None:
        """Pass if a school is the caller's, and a class of it."""
        if not (self.sees(school) and self.sees_class(class_id)):
            raise NotFound(NOTHING)

    def sees(self, school: str) -> bool:
        """Whether a school's things exist for the caller."""
        return self.reach.covers(school)

    def chosen(self, school: str | None) -> str:
        """Return the school a search is about: the caller's own, unless one is named."""
        chosen = school or self.school
        if chosen == REGION:
            message = "Ваш токен — для всех школ: назовите школу, например ?school=sosh18."
            raise SchoolUnnamed(message, (Fault("/school", "school-unnamed", message),))
        self.at(chosen)
        return chosen

    def may(self, right: Right) -> None:
        """Pass if one of the caller's duties gives a right and no scope takes it away."""
        if self.must_change_password and right is not Right.SELF:
            raise PasswordDue("Смените одноразовый пароль (/password), затем повторите.")
        if right in self.reach.rights:
            return
        if right in rights_of(self.duties):
            told = f"Доступ ограничен, права «{right}» в нём нет: нужен другой токен."
            raise Forbidden(told, self._lacks)
        raise self._needs(right)

    def acts_as(self, role: str) -> None:
        """Pass if the caller signs in a role."""
        if Duty(role) not in self.duties:
            raise self._forbidden(frozenset({Duty(role)}))

    def _needs(self, right: Right) -> Forbidden:
        return self._forbidden(
            frozenset(duty for duty in Duty if right in rights_of(frozenset({duty})))
        )

    def _forbidden(self, duties: frozenset[Duty]) -> Forbidden:
        wanted = " или ".join(one for one in Duty if one in duties)
        told = f"Для этого нужна роль: {wanted}. Обратитесь к администратору."
        return Forbidden(told, self._lacks)

    @property
    def _lacks(self) -> str:
        return INSUFFICIENT if self.way is Way.TOKEN else ""


def by_login(account: Account, login: Login) -> Caller:
    """Return whoever is logged in."""
    way = Way(login.way)
    once = way is Way.PASSWORD and account.signs.password_until is not None
    return Caller(account.id, account.reach, way, once)
