"""A round of evidence as it is told at a terminal: in Russian, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.domain.wording import words
from service.domain.wording.text import NBSP
from service.ledger.proof.evidence import Tree
from service.workflow.evidence.attest import Attested, Unready
from service.workflow.evidence.renew import Fate, Outlook, Renewal
from service.workflow.evidence.upkeep import Round

SHOWN = 20  # documents that stay without evidence; JSON has them all
FATES: Mapping[Fate, str] = MappingProxyType(
    {
        Fate.WAITS: "продлить с {due}",
        Fate.DUE: "пора продлить",
        Fate.WEAK: "пора перестроить: алгоритм хэширования устаревает",
        Fate.MISSED: "СРОК УПУЩЕН: доказательство больше не проверить",
        Fate.PAST: "хранить больше не требуется",
    }
)


def lines(done: Round, at: datetime, *, dry: bool) -> Iterator[str]:
    """Yield what was done, or with `dry` would be, line by line."""
    yield f"Доказательства на {_day(at)}{' (проба, ничего не изменено)' if dry else ''}"
    if done.attested is not None:
        yield from _attested(done.attested, dry=dry)
    if done.renewal is not None:
        yield from _renewal(done.renewal)
    if done.shelved is not None and done.shelved.files:
        verb = "положить в хранилища" if dry else "положено в хранилища"
        yield f"Файлов доказательств {verb}: {done.shelved.files}"


def as_json(done: Round, at: datetime) -> dict[str, Any]:
    """Return the same for programs; times are ISO 8601."""
    attested, renewal = done.attested, done.renewal
    rebuilt = renewal.rebuilt if renewal else None
    return {
        "at": at.isoformat(),
        "attested": attested
        and {
            "tree": attested.tree and attested.tree.id,
            "documents": attested.documents,
            "unready": _unready_json(attested.unready),
        },
        "renewed": [one.id for one in renewal.renewed] if renewal else None,
        "unchanged": [one.id for one in renewal.unchanged] if renewal else None,
        "rebuilt": rebuilt
        and {
            "tree": rebuilt.tree and rebuilt.tree.id,
            "documents": rebuilt.documents,
            "unready": _unready_json(rebuilt.unready),
        },
        "trees": [_outlook_json(one) for one in renewal.outlooks] if renewal else None,
        "shelved": done.shelved and done.shelved.files,
        "problems": [{"code": one.code, "message": str(one)} for one in done.problems],
    }


def _attested(found: Attested, *, dry: bool) -> Iterator[str]:
    if found.tree is not None:
        yield f"Составлено дерево {_tree(found.tree)}"
    elif found.documents and dry:
        yield f"Ждут доказательства: {_documents(found.documents)}"
    else:
        yield "Новых документов для доказательства нет"
    yield from _unready(found.unready)


def _renewal(found: Renewal) -> Iterator[str]:
    for tree in found.renewed:
        yield f"Продлено дерево {_tree(tree)}"
    if found.rebuilt is not None:
        if found.rebuilt.tree is not None:
            yield f"Перестроено в дерево {_tree(found.rebuilt.tree)}"
        yield from _unready(found.rebuilt.unready)
    for tree in found.unchanged:
        yield (
            f"Не продлено дерево {tree.id}: сертификат службы меток времени истекает не позже "
            f"прежнего ({_day(tree.valid_until)}); дождитесь нового или смените signing.tsa"
        )
    if found.outlooks:
        yield "Сроки:"
    for one in found.outlooks:
        fate = FATES[one.fate].format(due=_day(one.due))
        yield f"  {_tree(one.tree)}, {fate}"


def _unready(left: tuple[Unready, ...]) -> Iterator[str]:
    if left:
        yield f"Без доказательства: {_documents(len(left))}"
    for one in left[:SHOWN]:
        yield f"  {one.document}: {one.reason}"
    if len(left) > SHOWN:
        yield f"  … и ещё {len(left) - SHOWN}"


def _tree(tree: Tree) -> str:
    return (
        f"{tree.id} ({tree.algorithm}, {_documents(tree.count)}, "
        f"метка {_day(tree.stamped_at)}, действует до {_day(tree.valid_until)})"
    )


def _documents(count: int) -> str:
    return f"{words.figures(count)}{NBSP}{words.noun(count, words.DOCUMENT)}"


def _day(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y}"


def _outlook_json(one: Outlook) -> dict[str, Any]:
    return {
        "tree": one.tree.id,
        "algorithm": one.tree.algorithm,
        "documents": one.tree.count,
        "stamped_at": one.tree.stamped_at.isoformat(),
        "valid_until": one.tree.valid_until.isoformat(),
        "fate": one.fate,
        "due": one.due.isoformat(),
    }


def _unready_json(left: tuple[Unready, ...]) -> list[dict[str, str]]:
    return [{"document": one.document, "code": one.code, "reason": one.reason} for one in left]
