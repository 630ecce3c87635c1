"""What the proofs take for granted holds of every client of the cases."""

from __future__ import annotations

import z3

from cdsrules.analysis.loose import Loose
from cdsrules.analysis.search import Search
from cdsrules.analysis.terms import NEVER_DAY
from cdsrules.loading.files import find_case_files
from cdsrules.logic.moment import Moment
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Kind, Known
from cdsrules.testing.cases import Case, read_cases
from tests.analysis.measuring import plain

EVERY = 6
"""So many cases apart are those that are looked at, which keeps it to seconds."""


def some_cases(search: Search) -> list[Case]:
    library = search.advisor.library
    cases = [case for file in find_case_files().files for case in read_cases(file.text, file.name, library).cases]
    return cases[::EVERY]


def pinned(loose: Loose, keys: list[FactKey], facts: MeasuredFacts, search: Search) -> list[z3.BoolRef]:
    """The facts of a client as values of the symbols."""
    held: list[z3.BoolRef] = []
    for key in keys:
        symbol, measured = loose.symbol(key), facts.get(key)
        if not isinstance(measured, Known):
            held.append(z3.Not(symbol.known))
            continue
        held.append(symbol.known)
        value = plain(measured.value, facts.moment.as_of)
        match search.advisor.catalogue[key.name].kind:
            case Kind.SET:
                assert isinstance(value, frozenset)
                held += [one if word in value else z3.Not(one) for word, one in (symbol.words or {}).items()]
            case Kind.CHOICE:
                held.append(symbol.value == (symbol.choices.index(value) if value in symbol.choices else -1))
            case Kind.NUMBER:
                held.append(symbol.value == z3.RealVal(str(value)))
            case Kind.YES_NO:
                held.append(symbol.value == z3.BoolVal(bool(value)))
            case Kind.TEXT:
                pass
            case _:
                held.append(symbol.value == (value if isinstance(value, int) else NEVER_DAY))
    return held


def test_what_ties_facts_together_holds_of_the_clients_of_the_cases(shipped: Search) -> None:
    library, catalogue = shipped.advisor.library, shipped.advisor.catalogue
    loose = Loose(library.vocabulary, catalogue, Moment(shipped.as_of))
    keys = list(shipped.program.plan.slots)
    keys += [FactKey(f"measure.{name}.latest") for name in ("phq-9", "gad-7", "ors")]
    for key in keys:
        loose.symbol(key)
    limits = list(loose.limits())
    asked = list(loose.asked)
    solver = z3.Solver()
    solver.add(*limits)
    broken = []
    cases = some_cases(shipped)
    for case in cases:
        facts = shipped.advisor.facts(case.document, as_of=case.as_of)
        if solver.check(*pinned(loose, asked, facts, shipped)) != z3.sat:
            broken.append(case.name)

    assert len(cases) > 100
    assert broken == []
