"""One client who is recommended a step and cautioned against it, with nothing that settles the two.

A caution that something can lift settles it: the step then waits for that. A recommendation
that is held back because a safety item is open is not given, so there is nothing to settle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdsrules.analysis.answers import Shown, Undecided
from cdsrules.analysis.given import Given
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import Search
from cdsrules.analysis.terms import Holds, both
from cdsrules.model.rulebook import Rule, Status, Verb
from cdsrules.testing.laws.asking import Answer as Evaluated


def conflicts(search: Search, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Yield a remark for each two rules of which one recommends what the other cautions against, for one client."""
    chosen = {rule.id for rule in rules}
    given = Given(search.program)
    for recommending, cautioning in _opposed(search):
        if recommending.id in chosen or cautioning.id in chosen:
            remark = _conflict(search, given, recommending, cautioning)
            if remark is not None:
                yield remark


def _opposed(search: Search) -> Iterator[tuple[Rule, Rule]]:
    """Yield the rules about one step that point apart, where no way out is written."""
    active = [rule for rule in search.program.library.rules if rule.status is Status.ACTIVE]
    for one in active:
        for other in active:
            opposed = one.verb is Verb.RECOMMENDS and other.verb is Verb.CAUTIONS and one.target == other.target
            if opposed and not other.until:
                yield one, other


def _conflict(search: Search, given: Given, recommending: Rule, cautioning: Rule) -> Remark | None:
    one, other = recommending.id, cautioning.id

    def claim(rulings: Rulings) -> Holds:
        return both(given.rule(recommending, rulings), rulings[other].truth.true)

    def shows(client: Evaluated) -> bool:
        return given.is_given(recommending, client) and client.rules[other] is True

    answer = search.find(claim, shows, prove=False, small=True)
    says = (
        f"“{recommending.title}” recommends to one client what “{cautioning.title}” cautions against "
        f"({recommending.target}), and the caution has no `until` that would settle it."
    )
    if isinstance(answer, Undecided):
        return Remark(Sort.UNTOLD, (one, other), f"It could not be told whether this is so: {says} {answer.because}")
    if not isinstance(answer, Shown):
        return None
    return Remark(Sort.CONFLICT, (one, other), says, answer, expect={"fires": [one, other]}, shows=shows)
