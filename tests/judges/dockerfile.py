"""Reads a Dockerfile the way an engine does: stages, and their instructions in order."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

KNOWN = re.compile(
    "FROM|RUN|COPY|ENV|USER|WORKDIR|VOLUME|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD|LABEL|ARG"
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its continuation lines joined."""

    word: str
    rest: str

    @property
    def flags(self) -> dict[str, str]:
        """Leading options: `--from=build` is {"from": "build"}."""
        return dict(re.findall(r"(?:^|\s)--([a-z-]+)=(\S+)", self.rest.split(" CMD ")[0]))

    @property
    def arguments(self) -> list[str]:
        """The words that are not options."""
        return [word for word in shlex.split(self.rest) if not word.startswith("--")]


@dataclass(frozen=True, slots=True)
class Stage:
    """What one FROM begins."""

    base: str
    name: str
    steps: tuple[Instruction, ...]


def stages(path: Path) -> list[Stage]:
    """Return the stages of a Dockerfile; raise ValueError at what is no instruction."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found: list[tuple[str, str, list[Instruction]]] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        if not KNOWN.fullmatch(word) or not rest:
            raise ValueError(f"no instruction of a Dockerfile: {line}")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append((base, name, []))
        else:
            found[-1][2].append(Instruction(word, rest.strip()))
    return [Stage(base, name, tuple(steps)) for base, name, steps in found]
