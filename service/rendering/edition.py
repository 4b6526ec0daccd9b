"""What a document's bytes depend on besides its snapshot, as hashes: told without drawing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from service.rendering.typeface import FILES, font_file

SERVICE = Path(__file__).resolve().parent.parent
PROGRAM = ("domain", "documents", "reports", "rendering")


def edition(templates: Path, fonts: Path) -> dict[str, str]:
    """Return the hashes of templates, fonts and program."""
    return {"templates": of_templates(templates), "fonts": of_fonts(fonts), "program": _program()}


def forms(edition: dict[str, str]) -> str:
    """Return one hash of all that a document's bytes depend on."""
    return _whole(edition)


def design(edition: dict[str, str]) -> str:
    """Return one hash of all that a document's look depends on: a new program alone is no reason
    to print a document anew.
    """
    return _whole({part: edition[part] for part in ("templates", "fonts")})


def of_templates(folder: Path) -> str:
    """Return the SHA-256 over every template, by path."""
    return _named(folder, (file for file in folder.rglob("*") if file.is_file()))


def of_fonts(folder: Path) -> str:
    """Return the SHA-256 over the font files, in the order of their names."""
    digest = sha256()
    for name in sorted(FILES.values()):
        digest.update(font_file(folder / f"{name}.ttf"))
    return digest.hexdigest()


@cache
def _program() -> str:
    """Return the SHA-256 over the sources that turn a snapshot into a file."""
    return _named(SERVICE, (one for name in PROGRAM for one in (SERVICE / name).rglob("*.py")))


def _named(folder: Path, files: Iterable[Path]) -> str:
    digest = sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _whole(edition: dict[str, str]) -> str:
    told = "\n".join(f"{part} {value}" for part, value in sorted(edition.items()))
    return sha256(told.encode()).hexdigest()
