"""The shipped rules and vocabulary, loaded once for the tests of their content."""

from __future__ import annotations

from functools import cache

from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.shipped import shipped_rules
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Library, Rule, Verb
from cdsrules.testing import Case, read_cases

# How long a treatment has lasted is known of every client, as no client document goes without its first day.
NEVER_UNKNOWN = {
    "risk-not-recorded": "it asks whether something is known",
    "possible-side-effect": "it asks for a side effect only where one can be known of",
    "goals-not-shared": "it asks for consent and understanding only where they are known",
    "alliance-low": "it asks for the cut-off only where it is known",
    "alliance-falling": "it asks for the fall only where it is known, and of the cut-off only whether it is",
    "take-up-reservations": "it asks for each day only where it is known",
    "progress-unseen": "it asks what is known, and how long the treatment has lasted",
    "no-threshold-applies": "it asks what is known, and how long the treatment has lasted",
    "adjustment-too-early": "it asks what is proposed, and how long the treatment has lasted",
    "worse-of-late": "it asks how the measure changed of late only where that is known",
    "deteriorating-of-late": "it asks for what is never unknown",
}
"""The rules that are unknown for no client, and why."""

KNOWN_BY_MEASURE = frozenset({"worsening-of-late-reviewed", "review-the-worsening-of-late"})
"""Rules that are never unknown either, which their conditions alone do not show: whoever is worse of late has a sign of
worsening on file (`tests/measures/test_outcome.py` has the law), so that it is known whether a review came after it."""


@cache
def library() -> Library:
    return load_library(read_rule_files(), catalogue)


@cache
def cases() -> tuple[Case, ...]:
    paths = sorted(path for name in ("cases", "stories") for path in shipped_rules().glob(f"*/{name}.yaml"))
    return tuple(case for path in paths for case in read_cases(path.read_bytes(), str(path), library()).cases)


def rules(*, rulebook: str | None = None, verb: Verb | None = None) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in library().rules
        if (rulebook is None or rule.rulebook == rulebook) and (verb is None or rule.verb is verb)
    )
