"""A rulebook of one rule, and two cases for it."""

from __future__ import annotations

from typing import Final

from tests.anna import CASES as OF_ANNA
from tests.testing.small_rulebook import HEAD

RULES: Final = (
    HEAD
    + """\
rules:
  - id: long-enough
    finds: long_enough
    title: Therapy has lasted for a while
    sources: [text]
    when: {fact: treatment.duration, at_least: 6 months}
"""
)
CASES: Final = (
    OF_ANNA.replace("stalled-progress", "small")
    .replace("unknown: [stalled]", "fires: [long-enough]")
    .replace("[stalled]", "[long-enough]")
)
