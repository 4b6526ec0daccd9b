"""What a signing session asks of each sort of thing that is signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.domain.approving.approval import Role
from service.domain.errors import Conflict, Fault, Rejected, ServiceError, Unavailable
from service.ledger.files import sha256
from service.ledger.signing.sessions import Item, Part, Session, SigningClosed
from service.workflow.signing.signatory import Signer
from signing.answers import Answer, RawValue
from signing.errors import SigningError, SigningUnavailable

REFUSAL = (ServiceError, SigningError)
SILENCE = (Unavailable, SigningUnavailable)

Answers = Mapping[str, Answer]
"""What a client returned, by file."""


class AnswersMismatch(Rejected):
    """The answers are not for the files that wait for them."""

    code = "answers-mismatch"
    title = "Ответы не к тем файлам"


class NotPrepared(Conflict):
    """Nothing was prepared to be signed: nobody announced a certificate, or it failed."""

    code = "not-prepared"
    title = "К подписанию ещё не подготовлено"


class ItemRefused(Conflict):
    """What cannot be signed in this session."""

    code = "item-refused"
    title = "В этом сеансе это подписать нельзя"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits for a signature now; `generation` changes when it moves on."""

    id: str
    generation: int
    timezone: str


class Desk(Protocol):
    """Where things of one sort are prepared and taken in. Raises the errors of both families."""

    def look(self, name: str, school: str, role: Role) -> Matter:
        """Return what waits for the signature of a role at a school, or raise why it does not."""

    def prepare(self, matter: Matter, role: Role, signer: Signer, at: datetime) -> tuple[Part, ...]:
        """Return the parts somebody has to sign, prepared files kept."""

    def take(
        self,
        session: Session,
        item: Item,
        parts: tuple[Part, ...],
        answers: Answers,
        by: str,
        at: datetime,
    ) -> None:
        """Check every answer, then store all of them and note the item signed, or raise."""


def require_answers(parts: tuple[Part, ...], answers: Answers) -> None:
    """Pass if there is one answer for every part and none besides."""
    wanted = {one.file for one in parts}
    faults = [
        Fault(f"/answers/{name}", "answer-missing", "Нет ответа для этого файла.")
        for name in sorted(wanted - answers.keys())
    ] + [
        Fault(f"/answers/{name}", "answer-unasked", "Этот файл подписи не ждёт.")
        for name in sorted(answers.keys() - wanted)
    ]
    if faults:
        told = f"Нужны ответы для файлов: {', '.join(sorted(wanted))}."
        raise AnswersMismatch(told, tuple(faults))


def hash_of(answers: Answers) -> str:
    """Return the SHA-256 by which the same answers are known again."""
    plain = {
        name: ["value", sha256(one.value)]
        if isinstance(one, RawValue)
        else ["cms", sha256(one.data)]
        for name, one in answers.items()
    }
    return sha256(json.dumps(plain, sort_keys=True).encode())


def require_open(session: Session, at: datetime) -> None:
    """Pass if a session takes answers now, or raise SigningClosed."""
    if session.closed_at is not None:
        raise SigningClosed("Сеанс подписания закрыт: откройте новый.")
    if at > session.expires_at:
        raise SigningClosed("Время сеанса подписания вышло: начните подписание заново.")
