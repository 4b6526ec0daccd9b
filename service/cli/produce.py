"""Documents out of a snapshot file, without a server: to look at, not to sign."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from service.bootstrap.ground import now
from service.bootstrap.press import forms, printer
from service.cli.russian import Command
from service.documents.kind import Scope
from service.documents.options import PrintOptions, for_document
from service.domain.errors import ServiceError
from service.domain.extract import Extract, extract
from service.domain.intake.parsing import parse
from service.domain.journal import SchoolClass
from service.domain.snapshot import Snapshot
from service.domain.wording.names import class_title
from service.ledger.files import sha256
from service.reports import catalogue
from service.settings import ROOT
from service.workflow.printing.order import OrderWrong
from service.workflow.printing.typeset import Task, Typeset, every_volume

FAILED = 1


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A document to print; `term` is empty for the whole year."""

    kind: str
    class_id: str
    term: str


@click.command("produce", cls=Command)
@click.argument(
    "file", metavar="СНИМОК", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--kind", "kinds", metavar="ВИД", multiple=True, help="Вид документа; без него — все."
)
@click.option(
    "--class",
    "classes",
    metavar="КЛАСС",
    multiple=True,
    help="Класс: id или название («9А»); без него — все.",
)
@click.option(
    "--term",
    "terms",
    metavar="ПЕРИОД",
    multiple=True,
    help="Период; без него — все периоды класса.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Папка для файлов.",
)
@click.option(
    "--issued-at",
    metavar="ВРЕМЯ",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    help="Время выпуска вида 2027-06-15T10:32:00+0500; без него — сейчас.",
)
@click.option(
    "--volume-sheets",
    metavar="ЧИСЛО",
    type=click.IntRange(10, 500),
    default=PrintOptions().volume_sheets,
    show_default=True,
    help="Журнал толще стольких листов делится на тома.",
)
@click.option(
    "--qr",
    "check_at",
    metavar="АДРЕС",
    help="Поставить QR-код с адресом проверки; адрес службы вида https://journal.school.ru.",
)
@click.option("--json", "as_json", is_flag=True, help="Отвечать в JSON.")
def produce_command(
    file: Path,
    kinds: tuple[str, ...],
    classes: tuple[str, ...],
    terms: tuple[str, ...],
    out: Path,
    issued_at: datetime | None,
    volume_sheets: int,
    check_at: str | None,
    as_json: bool,
) -> None:
    """Напечатать документы из файла снимка в PDF и DOCX."""
    snapshot = parse(file.read_bytes())
    out.mkdir(parents=True, exist_ok=True)
    moment = (issued_at or now()).astimezone(ZoneInfo(snapshot.school.timezone))
    house = printer(ROOT / "templates", ROOT / "fonts", None)
    edition = forms(house)
    chosen = PrintOptions(volume_sheets=volume_sheets, qr=check_at is not None)
    options = for_document(chosen, check_at)
    failed = 0
    for wanted in tuple(_wanted(snapshot, kinds, classes, terms)):
        part = Extract.of(extract(snapshot, wanted.class_id))
        named = json.dumps([wanted.kind, wanted.term, edition]).encode()
        task = Task(
            document=sha256(part.body + named)[:32],
            kind=wanted.kind,
            class_id=wanted.class_id,
            term=wanted.term,
            options=options,
            issued_at=moment.replace(microsecond=0),
            version=1,
            forms=edition,
        )
        stem = "-".join(filter(None, (wanted.kind, wanted.class_id, wanted.term))).replace(":", "_")
        try:
            for made in every_volume(task, part, catalogue(), house, lambda *_: None):
                _say(_written(made, out, stem), as_json)
        except ServiceError as error:
            failed += 1
            _say({"file": stem, "code": error.code, "problem": str(error)}, as_json)
    if failed:
        raise SystemExit(FAILED)


def _written(made: Typeset, out: Path, stem: str) -> dict[str, object]:
    """Write the files of a volume and return what is to be said of them."""
    told: dict[str, object] = {"file": stem, "pages": made.pages, "sheets": made.sheets}
    if made.volumes > 1:
        stem = f"{stem}-volume-{made.volume}"
        told |= {"file": stem, "volume": made.volume, "volumes": made.volumes}
    (out / f"{stem}.pdf").write_bytes(made.pdf)
    (out / f"{stem}.docx").write_bytes(made.docx)
    return told


def _wanted(
    snapshot: Snapshot, kinds: tuple[str, ...], classes: tuple[str, ...], terms: tuple[str, ...]
) -> Iterator[ToPrint]:
    """Yield what is asked for, refusing names that are not there."""
    known = catalogue()
    _require("--kind", kinds, tuple(known))
    chosen = {_class(snapshot, one) for one in classes}
    _require("--term", terms, tuple(one.id for one in snapshot.terms))
    for journal in snapshot.classes:
        if not chosen or journal.id in chosen:
            for name in kinds or tuple(known):
                for term in _terms(snapshot, journal, known[name].scope, terms):
                    yield ToPrint(name, journal.id, term)


def _class(snapshot: Snapshot, asked: str) -> str:
    """Return the id of the class of an id or, as it is printed, of a title: «9А», «9 а»."""
    found = [
        one.id
        for one in snapshot.classes
        if asked == one.id or _heard(asked) == _heard(class_title(one))
    ]
    if len(found) > 1:
        raise OrderWrong(f"--class {asked}: таких классов несколько, укажите id: {_list(found)}.")
    if not found:
        known = [f"{one.id} ({class_title(one)})" for one in snapshot.classes]
        raise OrderWrong(f"--class {asked}: такого нет, есть: {_list(known)}.")
    return found[0]


def _heard(title: str) -> str:
    return "".join(title.split()).strip("«»").casefold()


def _list(known: Iterable[str]) -> str:
    return ", ".join(known)


def _terms(
    snapshot: Snapshot, journal: SchoolClass, scope: Scope, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the terms a class has documents for, of those asked for; "" is the whole year."""
    if scope is Scope.CLASS:
        return ("",)
    own = (one.id for one in snapshot.terms if journal.grade in one.grades)
    return tuple(one for one in own if not asked or one in asked)


def _require(option: str, asked: tuple[str, ...], known: tuple[str, ...]) -> None:
    for one in asked:
        if one not in known:
            raise OrderWrong(f"{option} {one}: такого нет, есть: {_list(known)}.")


def _say(told: dict[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    elif "problem" in told:
        click.echo(f"{told['file']}: {told['problem']}", err=True)
    else:
        click.echo(f"{told['file']}: страниц {told['pages']}, листов {told['sheets']}")
