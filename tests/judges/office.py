"""LibreOffice, which opens what we write, and openxml-audit, which knows the schemas of DOCX."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator


class LibreOffice:
    """A LibreOffice with a profile of its own, so that two may work at once."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile.resolve().as_uri()

    def __call__(self, docx: bytes, suffix: str = ".docx") -> bytes:
        """Return the document as LibreOffice prints it to PDF."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, f"document{suffix}")
            source.write_bytes(docx)
            said = subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation={self._profile}",
                    "--headless",
                    "--convert-to",
                    "pdf",
                    "--outdir",
                    folder,
                    source,
                ],
                check=True,
                capture_output=True,
                text=True,
                timeout=240,
            )
            printed = source.with_suffix(".pdf")
            if not printed.exists():
                raise ValueError(
                    f"LibreOffice cannot read the document: {said.stdout}{said.stderr}"
                )
            return printed.read_bytes()


def openxml_audit(docx: bytes) -> list[str]:
    """Return every fault of a DOCX against its schemas and its own relationships."""
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(docx)
        file.flush()
        validator = OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=100)
        return [str(error) for error in validator.validate(file.name).errors]
