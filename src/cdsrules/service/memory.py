"""Memory of the C library, from one place for all threads of a process."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from typing import Final

_M_ARENA_MAX: Final = -8
"""The number of the setting in glibc's malloc.h."""


def share_one_arena() -> None:
    """Have all threads of this process, and of those that it forks, take memory from one arena.

    glibc gives threads arenas of their own, up to eight for each processor, and what is free in
    one is of no use to the others. Here one thread of a process judges at a time, so they would
    not wait for each other longer, and would hold the more. Where MALLOC_ARENA_MAX is set it is
    left at that; another C library is left as it is.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
