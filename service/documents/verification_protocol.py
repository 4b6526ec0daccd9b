"""«Протокол проверки подписи»: a verification's outcome as a paper anybody can read and keep.

It is not one of the kinds printed from a snapshot: it is made of what a verification found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from service.documents.parts import (
    Align,
    Block,
    Brick,
    Cell,
    Column,
    Content,
    Heading,
    Paragraph,
    Section,
    Size,
    Style,
    Table,
)
from service.domain.wording import dates, words
from service.domain.wording.text import NBSP

TITLE = "Протокол проверки подписи"
GROUP = 8  # digits of a hash or serial number set together
LONGEST, LONGEST_ANSWER = 400, 1200  # characters of a cell, of the answer

PROVES = (
    "Проверка показывает, что байты файла те же, что были подписаны; что подпись сделана ключом, "
    "открытая часть которого стоит в сертификате подписавшего; действовал ли этот сертификат "
    "и не был ли он отозван ко времени подписания. Она не показывает, верны ли сведения "
    "в документе, и не заменяет проверки полномочий подписавшего. Доверенными считаются корневые "
    "сертификаты, которые выбрал администратор службы."
)
RAW = (
    "Сертификаты, ответы служб OCSP, списки отзыва и метки времени, на которых основан вывод, "
    "вложены в этот файл (verification.json): по ним проверку можно повторить другой программой."
)


@dataclass(frozen=True, slots=True)
class LinkFact:
    """A certificate of a chain, in words."""

    owner: str
    serial: str
    until: datetime
    revocation: str


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """A signature, its facts in words, and the chain of its certificate."""

    title: str
    facts: tuple[tuple[str, str], ...]
    chain: tuple[LinkFact, ...]


@dataclass(frozen=True, slots=True)
class CopyFact:
    """A copy in a store, in words."""

    store: str
    file: str
    lock: str
    checked: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """All that is printed; `number` is the document's id, or the file's SHA-256 without one."""

    number: str
    checked_at: datetime  # aware, by the clocks it is to be told by
    version: str  # of the program
    answer: str
    subject: tuple[tuple[str, str], ...]
    signatures: tuple[SignatureFact, ...]
    retention: tuple[tuple[str, str], ...] = ()
    copies: tuple[CopyFact, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()


def content(protocol: Protocol) -> Content:
    """Return the protocol as a document of one section."""
    return Content(
        title=TITLE,
        sections=(Section(body=tuple(_body(protocol)), title=TITLE),),
        footer=f"{TITLE} · {dates.moment(protocol.checked_at)} · vedomost {protocol.version}",
    )


def grouped(digits: str) -> str:
    """Return a hash or serial number in groups, to be compared by eye and broken anywhere."""
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def size(count: int) -> str:
    """Return «770 268 байт»."""
    return f"{words.figures(count)}{NBSP}байт"


def _body(protocol: Protocol) -> Iterator[Brick]:
    yield Heading(TITLE.upper(), f"Проверено {dates.moment(protocol.checked_at)}")
    yield Paragraph(_short(protocol.answer, LONGEST_ANSWER), size=Size.LARGE, style=Style.BOLD)
    yield _facts("Что проверено", protocol.subject)
    for number, signature in enumerate(protocol.signatures, start=1):
        place = f"{number}{NBSP}из{NBSP}{len(protocol.signatures)}"
        yield _facts("Подпись", ((place, signature.title), *signature.facts), bold=1)
        if signature.chain:
            yield _chain(signature.chain)
    if protocol.retention:
        yield _facts("Хранение", protocol.retention)
    if protocol.copies:
        yield _copies(protocol.copies)
    if protocol.evidence:
        yield _facts("Запись доказательства (RFC 4998)", protocol.evidence)
    yield Paragraph(PROVES, size=Size.SMALL)
    yield Paragraph(
        f"{RAW} Проверено программой vedomost версии {protocol.version}.", size=Size.SMALL
    )


def _facts(title: str, facts: tuple[tuple[str, str], ...], bold: int = 0) -> Table:
    """Return facts as rows that may part at the end of a page; the first `bold` stand out."""
    return Table(
        columns=(Column(title, 46, Align.LEFT), Column("Найдено при проверке", 0, Align.LEFT)),
        body=tuple(
            Block(((Cell(label, style=_weight(row < bold)), _cell(value, row < bold)),))
            for row, (label, value) in enumerate(facts)
        ),
        lead=0,
        dense=True,
    )


def _weight(bold: bool) -> Style:
    return Style.BOLD if bold else Style.PLAIN


def _cell(text: str, bold: bool = False) -> Cell:
    return Cell(_short(text, LONGEST), style=_weight(bold))


def _short(text: str, most: int) -> str:
    """Return what a stranger's file may have made long, cut to a few lines."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _chain(links: tuple[LinkFact, ...]) -> Table:
    return Table(
        columns=(
            Column("Сертификат", 0, Align.LEFT),
            Column("Серийный номер", 42, Align.LEFT),
            Column("Действует до", 20),
            Column("Отзыв", 52, Align.LEFT),
        ),
        body=tuple(
            Block(
                (
                    (
                        _cell(link.owner),
                        Cell(grouped(link.serial)),
                        Cell(dates.day(link.until)),
                        _cell(link.revocation),
                    ),
                )
            )
            for link in links
        ),
        lead=0,
        dense=True,
    )


def _copies(copies: tuple[CopyFact, ...]) -> Table:
    return Table(
        columns=(
            Column("Хранилище", 22),
            Column("Файл", 0, Align.LEFT),
            Column("Защита от удаления", 44, Align.LEFT),
            Column("Перечитан", 36),
            Column("Итог", 34, Align.LEFT),
        ),
        body=tuple(
            Block(
                (
                    (
                        Cell(copy.store),
                        _cell(copy.file),
                        Cell(copy.lock),
                        Cell(copy.checked),
                        Cell(copy.outcome),
                    ),
                )
            )
            for copy in copies
        ),
        lead=0,
        dense=True,
    )
