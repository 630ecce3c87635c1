"""The shipped rules and vocabulary, loaded once for the tests of their content."""

from __future__ import annotations

from functools import cache

from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.shipped import shipped_rules
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Library, Rule, Verb
from cdsrules.testing import Case, read_cases


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
