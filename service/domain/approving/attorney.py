"""Powers of attorney (МЧД, 63-ФЗ art. 17.2): what one says, and whether it stands for a signer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.domain.errors import Conflict, Rejected
from service.domain.wording.names import compared

GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
REGISTER = "m4d.nalog.gov.ru"


class AttorneyUnreadable(Rejected):
    """The file is no power of attorney of the format that is taken."""

    code = "attorney-unreadable"
    title = "Доверенность не читается"


class AttorneyNumberWrong(Rejected):
    """The number is not one the register gives, or not the one in the file."""

    code = "attorney-number"
    title = "Неверный номер доверенности"


class AttorneyOutOfTerm(Conflict):
    """It does not begin yet or is over."""

    code = "attorney-out-of-term"
    title = "Срок доверенности не подходит"


class AttorneyOfAnother(Conflict):
    """The representative it names is not the owner of the certificate."""

    code = "attorney-of-another"
    title = "Доверенность выдана другому человеку"


class AttorneySignatureWrong(Conflict):
    """The detached signature that came with it does not hold, or is not the principal's."""

    code = "attorney-signature"
    title = "Подпись доверенности не подтверждена"


class AttorneyRequired(Conflict):
    """The school wants one from whoever signs in this role."""

    code = "attorney-required"
    title = "Нужна доверенность"


class AttorneyNeedless(Conflict):
    """Nobody represents anybody here: the organisation itself puts its seal."""

    code = "attorney-needless"
    title = "Доверенность здесь не нужна"


@dataclass(frozen=True, slots=True)
class Party:
    """Who gives or receives powers; numbers are digits only, empty where unknown."""

    name: str  # «Фамилия Имя Отчество», or an organisation's
    inn: str = ""
    ogrn: str = ""
    snils: str = ""


@dataclass(frozen=True, slots=True)
class Attorney:
    """What a power of attorney says, from its file or in an operator's words."""

    number: str  # a GUID in lower case
    issued: date | None = None
    until: date | None = None  # the last day
    principals: tuple[Party, ...] = ()
    representatives: tuple[Party, ...] = ()
    joint: bool = False  # the representatives act together only


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the certificate, by the certificate."""

    name: str
    inn: str
    snils: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: it holds, or (None) could not be checked; what fails is refused."""

    what: str
    holds: bool | None
    said: str


def guid(text: str) -> str:
    """Return a register number in lower case, or raise AttorneyNumberWrong."""
    number = text.strip().lower()
    if GUID.fullmatch(number) is None:
        raise AttorneyNumberWrong(
            "Номер доверенности в реестре — это 36 знаков вида "
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx. Перепишите его из доверенности."
        )
    return number


def findings(attorney: Attorney, signer: Holder, day: date) -> tuple[Finding, ...]:
    """Hold a power of attorney against a signer on a day; say what could not be held against.

    Raises AttorneyOutOfTerm and AttorneyOfAnother. `day` is today where the school is.
    """
    return (
        term(attorney.issued, attorney.until, day),
        _representative(attorney, signer),
        *_not_ours(attorney),
    )


def term(issued: date | None, until: date | None, day: date) -> Finding:
    """Say that a day is within a term, first and last day included, or raise AttorneyOutOfTerm."""
    if issued is not None and day < issued:
        raise AttorneyOutOfTerm(f"Доверенность действует с {issued:%d.%m.%Y}.")
    if until is None:
        return Finding("term", None, "срок доверенности не известен: её файл не приложен")
    if day > until:
        raise AttorneyOutOfTerm(f"Доверенность действовала по {until:%d.%m.%Y}. Приложите новую.")
    return Finding("term", True, f"действует по {until:%d.%m.%Y}")


def _representative(attorney: Attorney, signer: Holder) -> Finding:
    """Match by ИНН and СНИЛС; no number may disagree, and a name alone does not prove a person."""
    if not attorney.representatives:
        return Finding("representative", None, "кому выдана, не известно: файл не приложен")
    numbers = [tuple(_shared(one, signer)) for one in attorney.representatives]
    agreed = [found for found in numbers if found and all(same for _, same in found)]
    if agreed:
        known = " и ".join(label for label, _ in max(agreed, key=len))
        return Finding("representative", True, f"{known} представителя — те же, что в сертификате")
    unnumbered = (
        one for one, found in zip(attorney.representatives, numbers, strict=True) if not found
    )
    if not any(_same_name(one, signer) for one in unnumbered):
        raise AttorneyOfAnother(
            "Представитель в доверенности — не владелец сертификата: не совпадают ИНН, СНИЛС или "
            "имя. Приложите доверенность, выданную тому, кто подписывает."
        )
    said = "совпало только имя: в сертификате или в доверенности нет ИНН и СНИЛС"
    return Finding("representative", None, said)


def _shared(one: Party, signer: Holder) -> Iterator[tuple[str, bool]]:
    """Yield each number that both sides have, and whether it is the same."""
    for label, ours, theirs in (("ИНН", signer.inn, one.inn), ("СНИЛС", signer.snils, one.snils)):
        if ours and theirs:
            yield label, ours == theirs


def _same_name(one: Party, signer: Holder) -> bool:
    return bool(one.name) and compared(one.name) == compared(signer.name)


def _not_ours(attorney: Attorney) -> Iterator[Finding]:
    """Yield what only a person or the register can tell."""
    if attorney.joint:
        yield Finding("joint", None, "полномочия совместные: нужны подписи и других представителей")
    yield Finding("powers", None, "полномочия сверяет человек: здесь их список не разбирается")
    yield Finding("register", None, f"не отозвана ли, смотрят в реестре: {REGISTER}")
