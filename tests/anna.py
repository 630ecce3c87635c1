"""Anna, a client of a few lines in files of cases, and what of her comes out as expected."""

from __future__ import annotations

from typing import Final

ANNA: Final = """\
rulebook: stalled-progress
as_of: 2026-06-15
clients:
  anna:
    story: Anna has come weekly since November.
    state: {treatment: {started_on: 2025-11-10}, done: {}}
"""
CASES: Final = (
    ANNA
    + """\
cases:
  - case: long enough
    client: anna
    expect: {unknown: [stalled]}
  - case: just begun
    client: anna
    as_of: 2025-11-20
    expect: {silent: [stalled]}
"""
)
