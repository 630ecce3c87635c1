"""Plugins installed as pip would leave them: a module, and a .dist-info folder with its entry point."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

HEAD = "from cdsrules.plugins import Caution, FromRecord, hookimpl, measure\n"


def install(folder: Path, name: str, code: str, version: str = "1.0") -> None:
    """Put a plugin into a folder that stands on the path."""
    (folder / f"{name}.py").write_text(HEAD + dedent(code), encoding="utf-8")
    described = folder / f"{name}-{version}.dist-info"
    described.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (described / "METADATA").write_text(metadata, encoding="utf-8")
    (described / "entry_points.txt").write_text(f"[cdsrules]\n{name} = {name}\n", encoding="utf-8")


Install = Callable[..., None]
"""Installs a plugin by its name and code, and its version where that matters."""

PLACES_RULES = """
rulebook: practice-places
version: 1.0.0
status: active
title: Places of the practice
owner: The practice
review_by: 2027-11-01
sources:
  list: {title: The waiting list, grade: local}
rules:
  - id: no-places-left
    finds: no_places_left
    title: No place is free
    tier: information
    when: {fact: practice.places, at_most: 0}
    say: {clinician: "Of the places for a referral, only {practice.places}."}
    sources: [list]
"""
"""A rulebook that reads a measure of the plugins of the tests: `practice.places`, how many are free."""
