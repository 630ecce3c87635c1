"""Where the threads of another process stand, told even by one that can do nothing else any more.

Python writes it down at a signal without asking the interpreter. It names files, lines and functions, and nothing
that they work on.
"""

from __future__ import annotations

import faulthandler
import os
import re
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_ASK: Final = signal.SIGURG
"""Nobody else here sends it, and a process that does not listen to it passes it over."""

_MOST_BYTES: Final = 1_000_000
_FRAMES: Final = 12
_FRAME: Final = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)
_THREAD: Final = re.compile(r"^(?:Current thread|Thread) .*$", re.MULTILINE)
_AT_REST: Final = "threads.py:"


class Whereabouts:
    """What one process writes, and the one that started it reads."""

    def __init__(self) -> None:
        self._written = os.memfd_create("cdsrules-whereabouts")

    def are_of_this(self) -> None:
        """Have this process write where it stands whenever it is asked."""
        faulthandler.register(_ASK, file=self._written, all_threads=True)

    def ask(self, process: int) -> None:
        """Have the other write where it stands. It is read a while later, and may not be there then."""
        os.ftruncate(self._written, 0)
        os.lseek(self._written, 0, os.SEEK_SET)
        os.kill(process, _ASK)

    def read(self) -> Sequence[str]:
        """Return where it stood when it was asked, a text for each thread that was at something."""
        return list(standing(os.pread(self._written, _MOST_BYTES, 0).decode(errors="replace")))

    def close(self) -> None:
        """Forget what was written."""
        os.close(self._written)


def standing(written: str) -> Iterator[str]:
    r"""Yield for each thread that was at something where it stood, from the inside out.

    >>> list(standing('Thread 0x1 (most recent call first):\n  File "/site/ours.py", line 6 in cdsrules_cautions\n'))
    ['ours.py:6 cdsrules_cautions']
    """
    for thread in _THREAD.split(written):
        frames = [f"{Path(file).name}:{line} {name}" for file, line, name in _FRAME.findall(thread)]
        if frames and not _rests(frames[0]):
            yield ", ".join(frames[:_FRAMES])


def _rests(innermost: str) -> bool:
    """Whether a thread of ours waits for work."""
    return innermost.startswith(_AT_REST) and innermost.endswith(" _work")
