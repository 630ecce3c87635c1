"""What this process holds, counted to the block: a leak shows after thousands of turns where the size needs more.

Python counts its own small blocks, and glibc every byte that it gave out, small blocks of Python's aside. Of each size
up to a kilobyte glibc sets a few freed blocks aside for the thread, seven as a rule, and goes on counting them as given
out.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import NamedTuple

SET_ASIDE_UP_TO = 1_032
"""The largest block, in bytes, of which glibc sets some aside when they are freed."""

_NUMBERS = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")


class _Mallinfo(ctypes.Structure):
    """`struct mallinfo2` of malloc.h, as of glibc 2.33."""

    _fields_ = [(name, ctypes.c_size_t) for name in _NUMBERS]


class Held(NamedTuple):
    """Blocks that Python holds, and bytes that the C library has given out."""

    blocks: int
    bytes: int

    def more_than(self, before: Held) -> Held:
        """Return how much more this is."""
        return Held(self.blocks - before.blocks, self.bytes - before.bytes)


def can_be_counted() -> bool:
    """Tell whether the C library counts what it gives out."""
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallinfo2")


def held() -> Held:
    """Return what is held now that all garbage is gone."""
    gc.collect()
    count = ctypes.CDLL(None).mallinfo2
    count.restype = _Mallinfo
    given_out = count()
    return Held(sys.getallocatedblocks(), given_out.uordblks + given_out.hblkhd)
