"""A rulebook of three rules beside the shipped safety rules, for tests of what looks at rules and cases."""

from __future__ import annotations

from functools import cache
from typing import Final

from cdsrules.advisor import Advisor
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Library
from cdsrules.testing import read_cases
from cdsrules.testing.coverage import Coverage, cover
from cdsrules.testing.specimens import specimens

HEAD: Final = """\
rulebook: small
version: 1.0.0
status: active
title: Small
owner: Tests
review_by: 2099-01-01
sources: {text: {title: A text, grade: consensus}}
"""
RULES: Final = (
    HEAD
    + """\
rules:
  - id: slow
    finds: slow
    title: Progress is slow
    sources: [text]
    when:
      all:
        - {fact: treatment.duration, at_least: 6 months}
        - {fact: ratings.client.latest, one_of: [same, worse]}
  - id: look-afresh
    recommends: reassessment
    title: Look afresh
    sources: [text]
    when: {all: [{finding: slow}, {not: {done: reassessment, within: 60 days}}]}
    say: {clinician: Consider a reassessment.}
  - id: refer-later
    cautions: referral
    title: Referral as the first move
    sources: [text]
    when: {all: [{proposed: referral}, {finding: slow}]}
    unless: {fact: ratings.client.latest, is: worse}
    until: [{done: consultation}]
    say: {clinician: A referral is planned. Consider a consultation first.}
"""
)


@cache
def library_of(rules: str) -> Library:
    """The library of a rulebook called small, beside the shipped safety rules."""
    kept = [file for file in read_rule_files() if file.key.startswith(("vocabulary/", "safety/"))]
    return load_library([*kept, SourceFile("small/rules.yaml", rules.encode())], catalogue)


@cache
def advisor_of(rules: str) -> Advisor:
    return Advisor(library_of(rules), engine="reference")


def coverage_of(rules: str, cases: str) -> Coverage:
    """What a file of cases has seen of the rulebook."""
    advisor = advisor_of(rules)
    read = read_cases(cases.encode(), "cases.yaml", advisor.library).cases
    return cover(advisor.program, specimens(read, advisor)).by_rulebook({"small"})["small"]


def small() -> Library:
    return library_of(RULES)


def small_advisor() -> Advisor:
    return advisor_of(RULES)
