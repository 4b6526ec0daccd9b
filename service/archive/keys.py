"""Where an object lies and what its labels say: ids and dates, never a name or a mark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_FOREIGN = re.compile(r"[^A-Za-z0-9._-]")


def object_key(
    school: str,
    year: str,
    kind: str,
    document: str,
    version: int,
    name: str,
    *about: str,
    volume: int = 0,
) -> str:
    """Return the key of one file of a document, the same for the same document on every call.

    `{school}/{year}/{kind}/{about…}/{document}/v{version}/{name}`, only [A-Za-z0-9._/-];
    `about` are the ids of the class and, if there is one, of the term; 2026/2027 becomes 2026-2027.
    A `volume` of several stands in a folder of its own: `…/v{version}/volume-{volume}/{name}`.
    """
    versions = (f"v{version}", f"volume-{volume}") if volume else (f"v{version}",)
    folders = (school, year.replace("/", "-"), kind, *about, document, *versions, name)
    return "/".join(map(_segment, folders))


def _segment(text: str) -> str:
    """Return an id as one folder of a key; it never climbs («..») and is never hidden."""
    if not text:
        raise ValueError("an object key has no empty part")
    clean = _FOREIGN.sub("_", text)
    return f"_{clean}" if clean.startswith(".") else clean


@dataclass(frozen=True, slots=True)
class Label:
    """What an archivist and a lifecycle rule must know about a document (FORMS 4.7)."""

    doc_type: str
    school_id: str
    school_year: str
    class_id: str
    case_index: str
    retention_years: int
    closed_year: int
    keep_until: date
    destroy_from: date
    doc_id: str
    version: int
    signed: bool
    legal_hold: bool = False
    supersedes: str = ""
    volume: int = 1
    volumes: int = 1

    def tags(self) -> dict[str, str]:
        """Return the ten labels S3 allows an object: those a store's own rules select by.

        The rest (case_index, volume, closed_year, destroy_from, …) stand in `manifest`.
        """
        return {
            "doc_type": self.doc_type,
            "school_id": self.school_id,
            "school_year": self.school_year,
            "class": self.class_id,
            "retention_years": str(self.retention_years),
            "keep_until": self.keep_until.isoformat(),
            "legal_hold": _yes(self.legal_hold),
            "doc_id": self.doc_id,
            "version": str(self.version),
            "signed": _yes(self.signed),
        }

    def manifest(
        self, files: Mapping[str, str], streebog256: Mapping[str, str] | None = None
    ) -> bytes:
        """Return `manifest.json` to keep beside the files: every label, each file's hashes.

        `files` holds their SHA-256, `streebog256` (GOST R 34.11-2012) of those it is known of.
        """
        labels = self.tags() | {
            "case_index": self.case_index,
            "closed_year": str(self.closed_year),
            "destroy_from": self.destroy_from.isoformat(),
            "supersedes": self.supersedes,
            "volume": str(self.volume),
            "volumes": str(self.volumes),
        }
        whole = {"schema": "vedomost-manifest/1", "labels": labels, "sha256": dict(files)}
        if streebog256:
            whole["streebog256"] = dict(streebog256)
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _yes(value: bool) -> str:
    return "true" if value else "false"
