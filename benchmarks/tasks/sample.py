"""What is printed: classes of the sample school as files, and spreads as plain data for peers."""

from __future__ import annotations

import json
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from benchmarks.harness.task import Watch
from benchmarks.tasks.printing import book_of, printer, read
from service.documents.parts import PeriodStep, Style
from service.domain.extract import canonical, extract
from service.rendering.pages import Book, Entry, MarksSlice, TopicsSlice
from service.sample import school

SEED = 7


def classes(watch: Watch, folder: str, count: int) -> dict[str, Any]:
    """Write every class of a sample school into a folder, the school as well; tell the names."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with watch.running():
        whole = school(count, SEED)
    for journal in whole.classes:
        (place / f"{journal.id}.json").write_bytes(canonical(extract(whole, journal.id)))
    return {"classes": [journal.id for journal in whole.classes]}


def snapshot(watch: Watch, file: str, size: int) -> dict[str, Any]:
    """Write a snapshot of at least `size` bytes, of a school with as few classes as it takes."""
    with watch.running():
        count = 1
        while len(body := canonical(school(count, SEED))) < size:
            count = max(count + 1, count * size // len(body))
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_bytes(body)
    return {"bytes": len(body), "classes": count}


def spreads(watch: Watch, source: str, file: str) -> dict[str, Any]:
    """Write the marks and topics pages of a class's register as data anybody can typeset."""
    with watch.running():
        book = book_of(printer(), read(Path(source)))
    told = [_spread(marks, topics) for marks, topics in _pairs(book)]
    Path(file).write_text(json.dumps(told, ensure_ascii=False))
    (journal,) = read(Path(source)).snapshot.classes
    return {
        "spreads": len(told),
        "pages": len(book.pages),
        "pupils": len(journal.students),
        "subjects": len({group.subject for group in journal.groups}),
    }


def _pairs(book: Book) -> list[tuple[MarksSlice, TopicsSlice]]:
    items = [page.items[0] for page in book.pages]
    return [
        (left, right)
        for left, right in pairwise(items)
        if isinstance(left, MarksSlice) and isinstance(right, TopicsSlice)
    ]


def _spread(marks: MarksSlice, topics: TopicsSlice) -> dict[str, Any]:
    whole = marks.spreads
    blank = marks.columns - len(marks.steps)
    bands: list[dict[str, Any]] = []
    days: list[list[str] | None] = []
    for month, group in groupby(
        marks.steps, key=lambda step: None if isinstance(step, PeriodStep) else step.month
    ):
        steps = list(group)
        if month is None:
            bands += [{"text": step.title, "span": 1, "turned": True} for step in steps]
            days += [None] * len(steps)
        else:
            bands.append({"text": month, "span": len(steps), "turned": False})
            days += [[step.day, step.corner] for step in steps]
    bands += [{"text": "", "span": 1, "turned": True}] * blank
    rows = [
        {
            "number": pupil.number,
            "name": pupil.name,
            "cells": [
                [cell.text, Style.SHADED in cell.style]
                for step in marks.steps
                for cell in [step.cells[marks.first_pupil + place]]
            ]
            + [["", False]] * blank,
        }
        for place, pupil in enumerate(marks.pupils)
    ]
    return {
        "class": whole.class_title,
        "subject": f"Наименование предмета: {whole.subject}",
        "year": whole.year_title,
        "teachers": whole.teachers,
        "bands": bands,
        "days": days,
        "rows": rows,
        "entries": [_entry(entry) for entry in topics.entries],
        "blank": topics.lines - sum(entry.lines for entry in topics.entries),
    }


def _entry(entry: Entry) -> list[str]:
    topic, homework = " ".join(entry.topic), " ".join(entry.homework)
    if isinstance(entry.step, PeriodStep):
        return [topic]
    return [entry.step.number, entry.step.date, topic, homework]
