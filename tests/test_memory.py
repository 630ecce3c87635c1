"""The counting of memory sees what is kept, and no more."""

from __future__ import annotations

import ctypes

import pytest

from tests.memory import SET_ASIDE_UP_TO, can_be_counted, held

pytestmark = pytest.mark.skipif(not can_be_counted(), reason="needs a C library that counts what it gives out")


# Enough that what the rest of the process lets go of meanwhile (caches, threads of a test before) is little beside it.
KEPT = 100_000
LITTLE = KEPT // 10


def test_what_is_kept_is_seen_and_what_is_let_go_is_not() -> None:
    before = held()
    kept = [[number] for number in range(KEPT)]
    assert held().more_than(before).blocks >= KEPT - LITTLE
    kept.clear()
    assert held().more_than(before).blocks < LITTLE


def test_what_c_keeps_is_seen_too() -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.free.argtypes = [ctypes.c_void_p]
    before = held()
    # Larger than what the C library sets aside for the thread: blocks that it had already may be given out of those.
    size = SET_ASIDE_UP_TO + 100
    kept = [library.malloc(size) for _ in range(KEPT)]
    assert held().more_than(before).bytes >= (KEPT - LITTLE) * size
    for one in kept:
        library.free(one)
    assert held().more_than(before).bytes < LITTLE * size
