"""The plugins that are installed, as entry points.

Most installations have none. What reads entry points loads half of the standard library's mail and archives, and so
it is only asked where an installed package speaks of the group at all, or may do so where a glance does not reach.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def installed(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, in the order of their names."""
    others_look = any(hasattr(one, "find_distributions") for one in sys.meta_path if one is not PathFinder)
    if not others_look and not any(_may_have(Path(place), group) for place in sys.path):
        return ()
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=group), key=lambda one: (one.name, one.value)))


def _may_have(place: Path, group: str) -> bool:
    """Tell whether a package that is installed there may have such entry points: where there is no folder, it may."""
    if place.suffix.lower() == ".egg":
        return True
    try:
        described = [one for one in place.iterdir() if one.suffix.lower() in {".dist-info", ".egg-info"}]
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return any(_speaks_of(one / "entry_points.txt", group) for one in described)


def _speaks_of(file: Path, group: str) -> bool:
    try:
        return f"[{group}]".encode() in file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
