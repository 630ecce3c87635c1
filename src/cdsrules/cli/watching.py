"""A command run again whenever a rule or a case is changed, until somebody ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cdsrules.attempts import Broken, attempt
from cdsrules.cli import screen
from cdsrules.cli.app import ended_by
from cdsrules.cli.exits import Exit
from cdsrules.errors import ExtraMissing
from cdsrules.loading.file_names import ENDINGS
from cdsrules.loading.shipped import shipped_rules
from cdsrules.rendering.text import Line, Role

if TYPE_CHECKING:
    from watchfiles import Change

_LOOKS = 200
"""After so many milliseconds without a change it looks whether somebody wants it to end."""

_WAITING = Line("Waiting for a change of rules or cases; Ctrl-C ends.", Role.QUIET)
_MISSING = "To run again on every change takes a further package: pip install 'cdsrules[watch]'"


def again_and_again(run: Callable[[], int], paths: Sequence[Path]) -> int:
    """Run once and after every change under the paths, or of the shipped rules; return how the last run ended.

    A run that fails is told and waited after like any other. Raises `ExtraMissing` where the package that watches is
    not installed.
    """
    try:
        from watchfiles import watch
    except ImportError:
        raise ExtraMissing(_MISSING) from None
    folders = {(path if path.is_dir() else path.parent).resolve() for path in paths or [shipped_rules()]}
    code: int = Exit.STOPPED
    try:
        seen = watch(*folders, watch_filter=_is_meant, rust_timeout=_LOOKS, yield_on_timeout=True)
        next(seen)  # from here on nothing is missed, not even what is changed during the first run
        code = _once(run)
        screen.complain(_WAITING)
        for changes in seen:
            if changes:
                screen.complain("", Line(_changed(changes), Role.HEADING))
                code = _once(run)
                screen.complain(_WAITING)
    except KeyboardInterrupt:
        screen.complain("Ended.")
    return code


def _once(run: Callable[[], int]) -> int:
    found = attempt(run)
    code = ended_by(found.error) if isinstance(found, Broken) else found
    if code == Exit.STOPPED:
        raise KeyboardInterrupt
    screen.flush()
    return code


def _is_meant(_: Change, path: str) -> bool:
    """Whether a file that was changed is one of rules or cases; editors write others beside them."""
    file = Path(path)
    return file.suffix in ENDINGS and not file.name.startswith(".")


def _changed(changes: Iterable[tuple[Change, str]]) -> str:
    files = {"/".join(Path(path).parts[-2:]) for _, path in changes}
    return f"Changed: {', '.join(sorted(files))}"
