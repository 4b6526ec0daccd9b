"""A town with an archive from 2026, and the keeping of its evidence at any later time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from ages import SIGNED, Ages
from asn1crypto import pem
from sqlalchemy import update
from town import Clock, Town, settings_file

from service.bootstrap import evidence
from service.bootstrap.ground import stores
from service.ledger.proof import evidence as evidence_rows
from service.ledger.proof.evidence import Tree
from service.ledger.tables import documents
from service.settings import Settings, load
from service.workflow.evidence.upkeep import Upkeep
from signing.evidence import EvidenceReport

DAY = SIGNED + timedelta(days=1)
SUMMARY, REPORT = "class-register", "class-results"  # kept for 25 years here, and for five


def upkeep(town: Town, ages: Ages, tsa: str, **signing: Any) -> Upkeep:
    """Return the round of evidence with an age's timestamps and other settings of signing."""
    return evidence.upkeep(
        changed(town.settings, ages, tsa, **signing),
        town.service.database,
        stores(town.settings, town.clock),
    )


Office: TypeAlias = tuple[Town, dict[str, str]]
"""A town, and its two archived documents by kind."""


def changed(settings: Settings, ages: Ages, tsa: str, **signing: Any) -> Settings:
    also = {"tsa": (ages[tsa].timestamp_url,), **signing}
    return settings.model_copy(update={"signing": settings.signing.model_copy(update=also)})


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, ages: Ages) -> tuple[Path, dict[str, str]]:
    """A folder with two archived documents signed in 2026, by kind."""
    folder = tmp_path_factory.mktemp("archive")
    with ages.alive(SIGNED, "first"):
        town = _open(folder, ages, settings_file(folder, ages["first"]))
        _trust_all(folder, ages)
        made = {kind: town.printed(kind) for kind in (SUMMARY, REPORT)}
        with town.service.database.writing() as connection:
            connection.execute(
                update(documents).where(documents.c.id == made[SUMMARY]).values(retention_years=25)
            )
        for document in made.values():
            town.sign(document, "deputy")
            town.sign(document, "director")
        town.work()
        assert {town.document(one)["state"] for one in made.values()} == {"archived"}
        town.close()
    return folder, made


@pytest.fixture
def office(archive: tuple[Path, dict[str, str]], tmp_path: Path, ages: Ages) -> Iterator[Office]:
    """The town of the archive, a copy for each test, and its documents by kind."""
    folder, made = archive
    mine = tmp_path / "office"
    shutil.copytree(folder, mine)
    town = _open(mine, ages, mine / "vedomost.toml")
    yield town, made
    town.close()


@pytest.fixture
def attested(office: Office, ages: Ages) -> Office:
    """The office a day later: both documents share a tree."""
    town, _ = office
    with ages.alive(DAY, "first"):
        done = upkeep(town, ages, "first")(DAY)
    assert done.problems == ()
    return office


def trees(town: Town) -> tuple[Tree, ...]:
    """Return every tree, the oldest first."""
    with town.service.database.reading() as connection:
        return evidence_rows.every(connection)


def report(town: Town, document: str, at: datetime) -> EvidenceReport:
    """Return what the evidence of a document proves; it must have some."""
    found = town.service.prove.report(document, at)
    assert found is not None
    return found


def names(town: Town, store: str) -> list[str]:
    """Return the names of the evidence files a folder store holds."""
    place = town.folder / store / "objects" / "evidence"
    return sorted(one.name for one in place.rglob("*") if one.is_file() and "@meta" not in one.name)


def _open(folder: Path, ages: Ages, file: Path) -> Town:
    return Town(folder, load(file, {}), ages["first"], Clock(SIGNED))


def _trust_all(folder: Path, ages: Ages) -> None:
    for name in ages.living:
        root = ages[name].chain()[-1]
        (folder / "trust" / f"{name}.pem").write_bytes(pem.armor("CERTIFICATE", root.dump()))
