"""A rulebook of three rules beside the shipped safety rules, for tests of what looks at rules and cases."""

from __future__ import annotations

from functools import cache

from cdsrules.advisor import Advisor
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Library

RULES = """\
rulebook: small
version: 1.0.0
status: active
title: Small
owner: Tests
review_by: 2099-01-01
sources: {text: {title: A text, grade: consensus}}
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


@cache
def small() -> Library:
    kept = [file for file in read_rule_files() if file.key.startswith(("vocabulary/", "safety/"))]
    return load_library([*kept, SourceFile("small/rules.yaml", RULES.encode())], catalogue)


@cache
def small_advisor() -> Advisor:
    return Advisor(small(), engine="reference")
