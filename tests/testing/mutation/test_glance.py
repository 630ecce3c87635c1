"""What is told at a glance is what a whole evaluation tells, and a case that is named does notice."""

from __future__ import annotations

from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.testing import run_case
from cdsrules.testing.differences import differences
from cdsrules.testing.mutation.bench import Bench
from cdsrules.testing.mutation.glance import is_seen_at_a_glance
from cdsrules.testing.mutation.judging import decided_by, guidance_of
from cdsrules.testing.mutation.variants import Variants, with_mutant
from cdsrules.testing.specimens import Specimen, specimens
from tests.rules.shipped import cases, library

EVERY = 61
"""One slip of so many is put to the long way round: a prime, so that all kinds and rulebooks have their turn."""


@cache
def advisor() -> Advisor:
    return Advisor(library(), engine="reference")


@cache
def bench() -> Bench:
    return Bench(library(), cases())


@cache
def laid_out() -> tuple[Specimen, ...]:
    return specimens(cases()[::9], advisor())


def test_whatever_is_seen_at_a_glance_is_a_difference() -> None:
    program = advisor().program
    variants, seen = Variants(program), 0
    laid = [(specimen, specimen.decide_all(program)) for specimen in laid_out()]
    for mutant in bench().mutants[::EVERY]:
        try:
            variant = variants.variant(mutant)
        except ValueError:
            continue
        for specimen, before in laid:
            decided = decided_by(specimen, before, variant)
            if is_seen_at_a_glance(specimen.case.expect, decided, variant.program):
                seen += 1
                guidance = guidance_of(specimen, decided, variant)
                assert next(differences(specimen.case.expect, guidance), None), (mutant.words, specimen.case.name)
    assert seen > 20


@pytest.mark.parametrize("first", range(2))
def test_the_case_that_is_named_does_not_come_out_as_expected_with_the_slip(first: int) -> None:
    places = bench().of({book.id for book in library().rulebooks})
    chosen = bench().judge(places[first * EVERY :: 8 * EVERY])
    for one in (one for one in chosen if one.noticed_by is not None and not one.noticed_by.startswith("every case")):
        changed = Advisor(with_mutant(library(), one.mutant), engine="reference")
        named = [case for case in cases() if case.name == one.noticed_by]
        assert any(not run_case(case, changed).as_expected for case in named), (one.mutant.words, one.noticed_by)
