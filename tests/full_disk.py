"""A disk without room, for real: the system lets no file of a process grow past a size, as a full disk lets none grow.

The limit is RLIMIT_FSIZE, set from outside on processes that run. SQLite and PostgreSQL meet it as they meet a disk
that is full: a write comes back undone (PostgreSQL ignores the signal for just that). Only the number of the error is
another one, EFBIG for ENOSPC: a file system of its own, which could run full with ENOSPC, takes a mount, and that
takes rights that tests do not ask for.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any


@contextmanager
def no_room(*roots: int, above: int) -> Iterator[None]:
    """Let these processes, and those they have started, write nothing behind so many bytes of any file."""
    _limit(roots, above)
    try:
        yield
    finally:
        _limit(roots, None)


def _limit(roots: Iterable[int], size: int | None) -> None:
    for process in _with_children(roots):
        with suppress(FileNotFoundError, ProcessLookupError):
            owner = Path(f"/proc/{process}").stat()
            if owner.st_uid == os.geteuid():
                _limit_one(process, size)
            else:  # started by root as somebody else, who alone may do so
                who: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
                subprocess.run(["true"], check=True, preexec_fn=partial(_limit_one, process, size), **who)


def _limit_one(process: int, size: int | None) -> None:
    with suppress(ProcessLookupError):
        _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most if size is None else size, most))


def _with_children(roots: Iterable[int]) -> Iterator[int]:
    for process in roots:
        yield process
        with suppress(FileNotFoundError, ProcessLookupError):
            started = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
            yield from _with_children(map(int, started.split()))
