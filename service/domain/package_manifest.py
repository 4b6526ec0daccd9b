"""The manifest of a package: which files of which documents it holds, each with its hashes."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from service.domain.codes import Sha256
from service.domain.errors import Rejected

LARGEST = 64 << 20  # bytes of a manifest that is read at all


class ManifestWrong(Rejected):
    """The file is not a manifest of a package."""

    code = "package-manifest-wrong"
    title = "Опись пакета не читается"


class Frozen(BaseModel):
    """A part of the manifest: nothing unknown, nothing guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PackedFile(Frozen):
    """One file of a package; hashes in hexadecimal."""

    path: Annotated[str, Field(min_length=1, max_length=500)]
    media_type: str
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    streebog256: Sha256 | None = None  # GOST R 34.11-2012, where it could be reckoned
    document: str
    kind: str
    version: int

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if path.startswith("/") or "\\" in path or "\0" in path or ".." in parts:
            raise ValueError("путь выходит за пределы пакета")
        return path


class PackageManifest(Frozen):
    """Every file of a package, by path."""

    schema_: Annotated[Literal["vedomost-package/1"], Field(alias="schema")] = "vedomost-package/1"
    school: str
    files: tuple[PackedFile, ...]

    @field_validator("files")
    @classmethod
    def _once(cls, files: tuple[PackedFile, ...]) -> tuple[PackedFile, ...]:
        if len({one.path for one in files}) != len(files):
            raise ValueError("один путь назван дважды")
        return files

    def dumped(self) -> bytes:
        """Return the JSON whose bytes are signed: keys sorted, UTF-8, the same for the same."""
        whole = self.model_dump(by_alias=True, exclude_none=True)
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def parse(body: bytes) -> PackageManifest:
    """Return the manifest, or raise ManifestWrong that says which part is wrong."""
    try:
        return PackageManifest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "начало файла"
        raise ManifestWrong(
            f"manifest.json — не опись пакета этой службы ({place}). "
            "Проверьте, что файл взят из пакета целиком."
        ) from None
