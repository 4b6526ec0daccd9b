"""Where a mistake of ours happened, without what it was about: messages may quote a journal."""

from __future__ import annotations

import traceback

FRAME = "  "  # lines of a trace that name files or show our source begin so; messages do not


def frames(error: BaseException) -> str:
    """Return the type of an error and its frames, in this process and in the one it came from."""
    here = "".join(traceback.format_tb(error.__traceback__))
    there = str(error.__cause__ or "").splitlines() if _came_over(error) else []
    shown = "\n".join(line for line in there if line.startswith(FRAME))
    return f"{type(error).__name__}\n{here}{shown}".rstrip()


def _came_over(error: BaseException) -> bool:
    """Say whether the error was raised in a process of the pool, which sends its trace as text."""
    return type(error.__cause__).__name__ == "_RemoteTraceback"
