"""What the demo says on the terminal: short, in Russian, and the same without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from service.demo.journey import Progress as Told
from service.demo.journey import Refused
from service.demo.proof import Checked, Proof

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


def table(proofs: Iterable[Proof]) -> Table:
    """Return the documents with what was proven about them, a row each."""
    grid = Table(title="Проверено заново, из самих хранилищ")
    for title, justify in (
        ("Документ", "left"),
        ("Класс", "left"),
        ("Школа", "left"),
        ("Стр.", "right"),
        ("Листов", "right"),
        ("Подписи", "left"),
        ("Копии", "left"),
        ("Хранить до", "left"),
    ):
        grid.add_column(title, justify=justify)  # type: ignore[arg-type]
    for proof in proofs:
        document = proof.document
        grid.add_row(
            KINDS.get(document.kind, document.kind),
            document.class_title,
            document.school,
            str(proof.pages),
            str(document.sheets),
            _shown((one.valid is True, one.level) for one in proof.signatures),
            _shown(_stores(proof)),
            f"{document.keep_until:%d.%m.%Y}" if document.keep_until else "✘",
        )
    return grid


def faults(proofs: Iterable[Proof]) -> Iterator[str]:
    """Yield what is wrong, a line each."""
    for proof in proofs:
        document = proof.document
        name = f"{KINDS.get(document.kind, document.kind)} {document.class_title}"
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


def _stores(proof: Proof) -> Iterator[tuple[bool, str]]:
    """Yield for each store whether all its copies are right, and how they are locked."""
    stores: dict[str, list[Checked]] = {}
    for one in proof.copies:
        stores.setdefault(one.copy.store, []).append(one)
    for copies in stores.values():
        yield all(one.fault is None for one in copies), copies[0].copy.mode


def _shown(judged: Iterable[tuple[bool, str]]) -> str:
    """Return a tick or a cross each, and what they are about, once."""
    told = tuple(judged)
    marks = "".join("✔" if good else "✘" for good, _ in told)
    return f"{marks} {'/'.join(dict.fromkeys(what for _, what in told))}" if told else "✘ нет"
