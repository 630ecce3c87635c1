"""How a command ends, as the exit code that scripts read."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes; they are part of the public interface."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    STOPPED = 130
    UNREAD = 141
    """Nobody read to the end, as after `| head`: what any program ends with that is stopped so."""
