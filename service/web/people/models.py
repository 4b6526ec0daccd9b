"""People over the wire: logging in, one's own account, the accounts of a school."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from service.domain.access.rights import Duty, Reach, Right
from service.web.http.models import Asked, Told
from service.web.people.token_models import Classes, Duties, Place
from service.workflow.people.enrol import Person
from service.workflow.people.log_in import Way

LoginName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._@-]{1,63}$",
        description="Имя для входа: строчные латинские буквы, цифры и . _ @ -",
    ),
]
Password = Annotated[
    str, Field(min_length=12, max_length=200, description="Пароль, не короче 12 знаков")
]
Typed = Annotated[str, Field(min_length=1, max_length=200, description="Пароль, как его ввели")]
Sha256 = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 сертификата (DER), 64 цифры")
]


class LoginAsked(Asked):
    """Let somebody in by login name and password."""

    school: Annotated[Place, Field(description="Школа, в которой заведена учётная запись")]
    login: LoginName
    password: Typed


class PasswordAsked(Asked):
    """Another password for oneself."""

    old: Annotated[Typed, Field(description="Прежний пароль")]
    new: Annotated[Password, Field(description="Новый пароль, не короче 12 знаков")]


class AccountAsked(Asked):
    """A person at a school; what is left out of a change is taken away, but for the password."""

    school: Annotated[
        Place | None, Field(description="Школа; не указана — ваша. Изменить её нельзя")
    ] = None
    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            description="Фамилия, имя и отчество; в журналы событий не попадают",
        ),
    ]
    duties: Duties
    classes: Classes = frozenset()
    login: LoginName | None = None
    password: Password | None = None
    one_time_password: Annotated[
        bool,
        Field(description="Пароль одноразовый: действует 7 дней, при первом входе его меняют"),
    ] = False
    subject: Annotated[
        str | None,
        Field(min_length=1, max_length=255, description="Кто это у поставщика удостоверений"),
    ] = None
    certificate_sha256: Sha256 | None = None

    def person(self, school: str) -> Person:
        """Return it as a person of a school."""
        return Person(
            name=self.name,
            reach=Reach(school, self.duties, classes=self.classes),
            login=self.login,
            password=self.password,
            one_time=self.one_time_password,
            subject=self.subject,
            certificate=self.certificate_sha256,
        )


class AccountTold(Told):
    """An account; the password is never told."""

    id: str
    school: str
    name: Annotated[str, Field(description="Фамилия, имя и отчество")]
    duties: list[Duty]
    classes: list[str]
    login: Annotated[str | None, Field(description="Имя для входа по паролю")]
    has_password: Annotated[bool, Field(description="Задан ли пароль")]
    password_until: Annotated[
        datetime | None,
        Field(description="До какого времени действует одноразовый пароль, если его не сменили"),
    ]
    subject: Annotated[str | None, Field(description="Кто это у поставщика удостоверений")]
    certificate_sha256: Annotated[str | None, Field(description="SHA-256 сертификата (DER)")]
    made_by: Annotated[str, Field(description="Кто завёл: id")]
    made_at: Annotated[datetime, Field(description="Когда заведена")]
    closed_at: Annotated[datetime | None, Field(description="Когда закрыта")]


class OneTimePassword(Told):
    """A password to be told to its person; it is shown here only."""

    password: Annotated[str, Field(description="Одноразовый пароль: передайте его человеку лично")]
    expires_at: Annotated[datetime, Field(description="До какого времени он действует")]


class AccountsTold(Told):
    """Accounts of a school."""

    accounts: Annotated[list[AccountTold], Field(description="Учётные записи, новые первыми")]
    next: str | None


class MeTold(Told):
    """Who asks, and what he may do."""

    id: str
    way: Annotated[Way, Field(description="Как вы вошли")]
    name: Annotated[str | None, Field(description="Фамилия, имя и отчество человека")]
    school: str
    duties: list[Duty]
    rights: Annotated[list[Right], Field(description="Что можно на деле")]
    classes: list[str]
    expires_at: Annotated[datetime | None, Field(description="Когда кончится токен")]
    password_change_required: Annotated[
        bool, Field(description="Пароль одноразовый: пока его не сменить, ничего другого нельзя")
    ]
    schools: Annotated[
        list[str], Field(description="Школы, в которых у этого человека есть учётная запись")
    ]


class Goodbye(Told):
    """Whoever asked is not logged in any more."""

    logged_out: Annotated[bool, Field(description="Был ли вход, который теперь окончен")]
