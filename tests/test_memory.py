"""The counting of memory sees what is kept, and no more."""

from __future__ import annotations

import ctypes

import pytest

from tests.memory import SET_ASIDE_UP_TO, can_be_counted, held

pytestmark = pytest.mark.skipif(not can_be_counted(), reason="needs a C library that counts what it gives out")


def test_what_is_kept_is_seen_and_what_is_let_go_is_not() -> None:
    before = held()
    kept = [[number] for number in range(1_000)]
    assert held().more_than(before).blocks >= 1_000
    kept.clear()
    assert held().more_than(before).blocks < 100


def test_what_c_keeps_is_seen_too() -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.free.argtypes = [ctypes.c_void_p]
    before = held()
    # Larger than what the C library sets aside for the thread: blocks that it had already may be given out of those.
    kept = [library.malloc(SET_ASIDE_UP_TO + 100) for _ in range(100)]
    assert held().more_than(before).bytes >= 100_000
    for one in kept:
        library.free(one)
    assert held().more_than(before).bytes < 10_000
