"""The hooks, in one page. Mark an implementation with `cdsrules.plugins.hookimpl`.

A plugin is a module or an object with functions of these names. Installed packages are
found by the entry-point group `cdsrules`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pluggy

from cdsrules.model.guidance import Guidance

PROJECT = "cdsrules"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def cdsrules_rulebooks() -> Iterable[str | Path]:  # type: ignore[empty-body]  # a specification
    """Return folders of rulebooks to load beside the shipped ones."""


@hookspec
def cdsrules_guidance_ready(guidance: Guidance) -> None:
    """Hear of guidance that was made; what is returned is ignored."""
