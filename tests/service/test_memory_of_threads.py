"""Threads take memory from one place, where the C library has several."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

# Prints from how many arenas of glibc threads take memory that all hold some at the same time.
ARENAS = """
import ctypes, sys, tempfile
from threading import Barrier, Thread
from cdsrules.service.memory import share_one_arena

if sys.argv[1] == "one":
    share_one_arena()
together = Barrier(4)

def hold():
    held = bytearray(10_000)  # of malloc, as it is too large for Python's own pools
    together.wait(30)

threads = [Thread(target=hold) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as told:
    file = ctypes.c_void_p(library.fopen(told.name.encode(), b"w"))
    library.malloc_info(0, file)
    library.fclose(file)
    print(told.read().count(b"<heap nr="))
"""


def arenas(wanted: str, **surroundings: str) -> int:
    others = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    command = [sys.executable, "-c", ARENAS, wanted]
    done = subprocess.run(command, env=others | surroundings, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no arenas")
def test_all_threads_share_one_arena_unless_somebody_has_said_how_many() -> None:
    assert arenas("as it is") > 1
    assert arenas("one") == 1
    assert arenas("one", MALLOC_ARENA_MAX="4") > 1
