"""How a process of many threads keeps its memory small."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h of glibc
ARENAS = 2
LARGE = 1 << 20  # bytes: such a block goes back to the system as soon as it is free


def frugal() -> None:
    """Have threads share two arenas of glibc instead of eight a core; call before any starts."""
    _glibc("mallopt", M_ARENA_MAX, ARENAS)
    _glibc("mallopt", M_MMAP_THRESHOLD, LARGE)


def shared() -> None:
    """Leave what is loaded to be shared by processes forked from here: the collector spares it."""
    gc.collect()
    given_back()
    gc.freeze()


def given_back() -> None:
    """Give the system back what the C library keeps for the next who asks for memory."""
    _glibc("malloc_trim", 0)


def _glibc(function: str, *arguments: int) -> None:
    """Call a function of glibc; a C library of another make has none of these."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None)[function](*arguments)
