"""What can be told from how rules came out alone, without putting guidance together."""

from __future__ import annotations

from cdsrules.inference.program import Program, Truth
from cdsrules.logic.truth import any_of
from cdsrules.model.rulebook import Rule, Status, Verb
from cdsrules.testing.expectations import Expectation
from cdsrules.testing.specimens import Decisions


def is_seen_at_a_glance(expect: Expectation, decided: Decisions, program: Program) -> bool:
    """Return whether it is certain that a case does not come out as expected.

    When this is false, only the guidance itself can tell: what a rule brings may be held
    back, folded into another's item, or not be shown to anybody.
    """
    return _rules(expect, decided, program) or _findings(expect, decided, program)


def _rules(expect: Expectation, decided: Decisions, program: Program) -> bool:
    if any(_truth(rule, decided) is not True for rule in expect.fires):
        return True
    if any(_truth(rule, decided) is not None for rule in expect.unknown):
        return True
    by_id = program.library.by_id
    return any(_shows(by_id[rule], _truth(rule, decided)) for rule in expect.silent if rule in by_id)


def _truth(rule: str, decided: Decisions) -> Truth:
    """Return how a rule came out; one that does not run never holds."""
    return decided[rule].truth if rule in decided else False


def _shows(rule: Rule, truth: Truth) -> bool:
    """Whether it certainly shows that a rule came out so: whatever is undecided is listed, and every finding is."""
    return rule.status is Status.ACTIVE and (truth is None or (truth is True and rule.verb is Verb.FINDS))


def _findings(expect: Expectation, decided: Decisions, program: Program) -> bool:
    if expect.findings is None:
        return False
    if any(_finding(name, decided, program) is not truth for name, truth in expect.findings.items()):
        return True
    others = (name for name in program.carriers if name not in expect.findings) if expect.complete else ()
    return any(_finding(name, decided, program) is True for name in others)


def _finding(name: str, decided: Decisions, program: Program) -> Truth:
    """Return the truth of a finding; one that no rule finds is not known of."""
    carriers = program.carriers.get(name)
    return any_of(decided[one.id].truth for one in carriers) if carriers else None
