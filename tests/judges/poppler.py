"""poppler: what another reader of PDF sees in the signatures and on the pages."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SeenSignature:
    """One signature as pdfsig reports it; the command's exit code says nothing."""

    field: str
    signer: str
    kind: str
    digest: str
    valid: bool
    whole_file: bool
    said: str


def pdfsig(pdf: bytes) -> tuple[SeenSignature, ...]:
    """Return the signatures of a file in the order of the file; certificates are not judged."""
    said = _run("pdfsig", "-nocert", pdf=pdf)
    parts = re.split(r"(?m)^Signature #\d+:\n", said)[1:]
    return tuple(_seen(part) for part in parts if "field is not signed" not in part)


def text(pdf: bytes, *, layout: bool = False) -> list[str]:
    """Return the text of each page as poppler reads it."""
    said = _run("pdftotext", *(["-layout"] if layout else []), pdf=pdf, tail=["-"])
    return said.split("\f")[:-1]


def _run(command: str, *options: str, pdf: bytes, tail: list[str] | None = None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(pdf)
        done = subprocess.run(
            [command, *options, path, *(tail or [])], capture_output=True, text=True, check=False
        )
    if done.returncode and "does not contain any signatures" not in done.stdout:
        raise ValueError(f"{command} cannot read the file: {done.stdout}{done.stderr}")
    return done.stdout


def _seen(part: str) -> SeenSignature:
    facts = dict(re.findall(r"^  - ([^:\n]+): (.*)$", part, re.M))
    return SeenSignature(
        field=facts["Signature Field Name"],
        signer=facts["Signer Certificate Common Name"],
        kind=facts["Signature Type"],
        digest=facts["Signing Hash Algorithm"],
        valid=facts["Signature Validation"] == "Signature is Valid.",
        whole_file="Total document signed" in part and "Not total" not in part,
        said=part,
    )
