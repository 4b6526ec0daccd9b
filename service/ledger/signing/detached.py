"""Detached signatures of files: who signed which, and the `.p7s` that holds them all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from service.domain.approving.approval import Role
from service.domain.errors import Conflict
from service.ledger.tables import detached


class SignedMeanwhile(Conflict):
    """Somebody else's signature came into the `.p7s` while this one was being made."""

    code = "signed-meanwhile"
    title = "Файл тем временем подписал другой человек"


@dataclass(frozen=True, slots=True)
class Detached:
    """One signature of a file of a document or package.

    `content` and `p7s` name working files: what is signed, and the DER SignedData with this
    signature and those before it. The newest `p7s` of a file holds every signature.
    """

    subject: str  # the id of a document or a package
    file: str  # «document.docx», «manifest.json»
    role: Role
    content: str
    p7s: str
    signer: str
    certificate: str  # SHA-256
    level: str
    signed_at: datetime
    generation: int = 1  # `add` counts it


def add(connection: Connection, signature: Detached, onto: str | None) -> None:
    """Write a signature down, added to the `.p7s` named `onto` (None: the first of its file).

    Raises SignedMeanwhile, and writes nothing, if that is no longer the newest one or if it was
    over other content.
    """
    newest = current(connection, signature.subject, signature.file)
    if onto != (newest.p7s if newest else None):
        raise SignedMeanwhile(
            "Пока шло подписание, под файлом появилась другая подпись. Повторите: обе сохранятся."
        )
    if newest is not None and newest.content != signature.content:
        raise SignedMeanwhile("Прежние подписи стоят под другим содержимым этого файла.")
    number = newest.generation + 1 if newest else 1
    connection.execute(insert(detached).values(asdict(signature) | {"generation": number}))


def replace_all(connection: Connection, subject: str, file: str, given: Iterable[Detached]) -> None:
    """Write down who signed a file, first to last, instead of who did before."""
    connection.execute(
        delete(detached).where(detached.c.subject == subject, detached.c.file == file)
    )
    for number, signature in enumerate(given, 1):
        connection.execute(insert(detached).values(asdict(signature) | {"generation": number}))


def current(connection: Connection, subject: str, file: str) -> Detached | None:
    """Return the newest signature of a file; its `p7s` holds them all. None: nobody signed."""
    found = of_file(connection, subject, file)
    return found[-1] if found else None


def of_file(connection: Connection, subject: str, file: str) -> tuple[Detached, ...]:
    """Return the signatures of a file in the order they were given."""
    return tuple(of_files(connection, [subject], file)[subject])


def of_files(
    connection: Connection, subjects: Collection[str], file: str
) -> dict[str, list[Detached]]:
    """Return the signatures of the files of one name by subject, in the order they were given."""
    rows = connection.execute(
        select(detached)
        .where(detached.c.subject.in_(subjects), detached.c.file == file)
        .order_by(detached.c.generation)
    )
    found: dict[str, list[Detached]] = {name: [] for name in subjects}
    for row in rows:
        found[row.subject].append(Detached(**(dict(row._mapping) | {"role": Role(row.role)})))
    return found
