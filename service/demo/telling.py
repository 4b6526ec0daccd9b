"""What the demo says on the terminal: short, in Russian, and the same without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from service.client.told import DocumentTold
from service.demo.journey import Progress as Told
from service.demo.journey import Refused
from service.demo.proof import Proof
from service.demo.report import several

KINDS = {
    "class-register": "Классный журнал",
    "final-summary": "Сводная ведомость",
    "class-results": "Итоги за период",
}


@contextmanager
def bar(console: Console, title: str, total: int) -> Iterator[Told]:
    """Yield a callable that moves a bar of `total` documents."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} из {task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(title, total=total, step="")
        yield lambda part, step: progress.update(task, advance=part, step=step)


def table(title: str, proofs: Sequence[Proof]) -> Table:
    """Return the documents of a school with what was proven about them, a row each."""
    grid = Table(title=title, caption=_stores(proofs))
    for heading, justify in (
        ("Документ", "left"),
        ("Класс", "left"),
        ("Стр.", "right"),
        ("Листов", "right"),
        ("Подписи", "left"),
        ("Копии", "left"),
        ("Хранить до", "left"),
    ):
        grid.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for proof in proofs:
        document = proof.document
        grid.add_row(
            _name(document),
            document.class_title,
            str(proof.pages),
            str(document.sheets),
            _signed(proof),
            _held(proof),
            f"{document.keep_until:%d.%m.%Y}" if document.keep_until else "✘",
        )
    return grid


def faults(proofs: Iterable[Proof]) -> Iterator[str]:
    """Yield what is wrong, a line each."""
    for proof in proofs:
        document = proof.document
        name = f"{_name(document)} {document.class_title}"
        for fault in proof.faults:
            yield f"✘ {name}: {fault}"
        for copy in proof.copies:
            if copy.fault is not None:
                yield f"✘ {name}, {copy.copy.store}, {copy.copy.key}: {copy.fault}"


def gaps(refused: Sequence[Refused]) -> str:
    """Return which documents the journals are not ready for."""
    titles = "; ".join(f"{KINDS.get(one.kind, one.kind)} {one.class_title}" for one in refused)
    reasons = ", ".join(sorted({one.reason.message.partition(",")[0] for one in refused}))
    return f"Не напечатано, и правильно ({len(refused)}): {titles}. {reasons}."


def whereabouts(build: Path) -> str:
    """Return where to look for what was made."""
    return (
        f"Файлы PDF и DOCX: {build / 'documents'}\n"
        f"Хранилища:        {build / 'stores'}\n"
        f"Отчёт:            {build / 'report.json'}"
    )


def _name(document: DocumentTold) -> str:
    name = KINDS.get(document.kind, document.kind)
    if not several(document):
        return name
    return f"{name}, том {document.volume} из {document.volumes}"


def _signed(proof: Proof) -> str:
    levels = "/".join(dict.fromkeys(one.level.value for one in proof.signatures))
    return f"{_ticks(one.valid is True for one in proof.signatures)} {levels}"


def _held(proof: Proof) -> str:
    """Return a tick for each store all of whose copies are right."""
    stores: dict[str, bool] = {}
    for one in proof.copies:
        stores[one.copy.store] = stores.get(one.copy.store, True) and one.fault is None
    return _ticks(stores.values())


def _stores(proofs: Iterable[Proof]) -> str:
    """Return which stores there are and how they lock."""
    copies = [one.copy for proof in proofs for one in proof.copies]
    return ", ".join(sorted({f"{copy.store}: {copy.mode}" for copy in copies}))


def _ticks(good: Iterable[bool]) -> str:
    return "".join("✔" if one else "✘" for one in good) or "✘"
