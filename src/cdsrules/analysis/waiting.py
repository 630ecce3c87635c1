"""A step that waits for another which the same client is not advised to take, so that it would wait for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import z3

from cdsrules.analysis.answers import Shown, Undecided
from cdsrules.analysis.given import Given
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import Search
from cdsrules.analysis.terms import Holds, both
from cdsrules.loading.tree import Plain
from cdsrules.model.condition import Declined, Done
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Rule, Verb
from cdsrules.testing.laws.asking import Answer as Evaluated


def dead_ends(search: Search, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Yield a remark for each recommendation that can wait for a step which nothing recommends beside it."""
    given = Given(search.program)
    actions = search.program.library.vocabulary.actions
    for rule in rules:
        if rule.verb is Verb.RECOMMENDS and rule.rulebook != SAFETY_RULEBOOK:
            for needed in actions[rule.target].requires:
                remark = _dead_end(search, given, rule, needed)
                if remark is not None:
                    yield remark


def _dead_end(search: Search, given: Given, rule: Rule, needed: str) -> Remark | None:
    def claim(rulings: Rulings) -> Holds:
        settled = [rulings.condition(Done(needed)).true, rulings.condition(Declined(needed)).true]
        advised = given.recommended(rulings, [needed])
        return both(given.rule(rule, rulings), z3.Not(advised), *(z3.Not(one) for one in settled))

    def shows(client: Evaluated) -> bool:
        guidance = client.guidance
        items = (*guidance.pathway.now, *guidance.pathway.then, *guidance.safety)
        waiting = [one for one in guidance.pathway.then if rule.id in {one.rule.id, *one.also}]
        waits = any(wait.action == needed for one in waiting for wait in one.waits_for)
        return waits and not any(one.action == needed for one in items if one.rule.verb is Verb.RECOMMENDS)

    answer = search.find(claim, shows, prove=False, small=True)
    says = (
        f"“{rule.title}” is recommended ({rule.target}) and waits for another step ({needed}), which the same client "
        "is not advised to take, has not taken and has not declined: it would wait for ever."
    )
    if isinstance(answer, Undecided):
        return Remark(Sort.UNTOLD, (rule.id, needed), f"Whether this is so could not be told: {says} {answer.because}")
    if not isinstance(answer, Shown):
        return None
    expect: dict[str, Plain] = {"waits": {rule.target: [needed]}, "recommendations": {"never": [needed]}}
    return Remark(Sort.DEAD_END, (rule.id, needed), says, answer, expect=expect, shows=shows)
