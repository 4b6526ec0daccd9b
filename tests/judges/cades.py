"""What OpenSSL says of a detached CAdES signature."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem, x509


@dataclass(frozen=True, slots=True)
class CadesJudge:
    """`openssl cms -verify -cades` with trust in some roots; GOST needs its engine."""

    folder: Path
    engine: str = ""

    @classmethod
    def of(cls, folder: Path, roots: Iterable[x509.Certificate], engine: str = "") -> CadesJudge:
        """Return a judge that works in `folder`."""
        bundle = b"".join(pem.armor("CERTIFICATE", one.dump()) for one in roots)
        (folder / "roots.pem").write_bytes(bundle)
        return cls(folder, engine)

    def __call__(self, p7s: bytes, content: bytes) -> str:
        """Return what is wrong with the signatures of `content`; nothing if every one holds."""
        (self.folder / "content.p7s").write_bytes(p7s)
        (self.folder / "content").write_bytes(content)
        options = ["-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
        files = ["-in", "content.p7s", "-content", "content", "-CAfile", "roots.pem", "-out", "out"]
        engine = ["-engine", self.engine] if self.engine else []
        done = subprocess.run(
            ["openssl", "cms", *engine, *options, *files],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else done.stderr or "refused"
