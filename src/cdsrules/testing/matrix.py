"""For every rule: how often it held where a case expects it to, and where a case expects it not to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cdsrules.model.rulebook import Library, Rule, Status, Tier, Verb
from cdsrules.testing.expectations import Expectation, Listed
from cdsrules.testing.ran import Ran
from cdsrules.testing.shown import Stand, rules_shown

_RUN: Final = (Status.ACTIVE, Status.SHADOW)


@dataclass(frozen=True, slots=True)
class Confusion:
    """In how many cases a rule held and did not, by what the case expects of it.

    `fired_unsaid` and `silent_unsaid` are cases that expect nothing of the rule.
    """

    rule: Rule
    fired_expected: int = 0
    fired_unexpected: int = 0
    silent_expected: int = 0
    silent_unexpected: int = 0
    fired_unsaid: int = 0
    silent_unsaid: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether the rule held or not otherwise than expected in some case."""
        return self.fired_unexpected > 0 or self.silent_unexpected > 0


def confusion(library: Library, ran: Iterable[Ran], rulebooks: Collection[str]) -> tuple[Confusion, ...]:
    """Return what became of each rule of these rulebooks that is run, in shadow too, in the order written.

    `silent_expected` counts cases that expect the rule not to hold, and it did not;
    `silent_unexpected` those that expect it to hold, and it did not. Cases that were left
    alone do not count.
    """
    running = [rule for rule in library.rules if rule.status in _RUN and rule.rulebook in rulebooks]
    found = {rule.id: Confusion(rule) for rule in running}
    for one in ran:
        if one.fired is not None and one.left_alone is None:
            expected = expected_to_fire(one.case.expect, library)
            for rule, so_far in found.items():
                found[rule] = _counted(so_far, expected=expected.get(rule), fired=rule in one.fired)
    return tuple(found.values())


def _counted(so_far: Confusion, *, expected: bool | None, fired: bool) -> Confusion:
    if expected is None:
        name = "fired_unsaid" if fired else "silent_unsaid"
    elif fired:
        name = "fired_expected" if expected else "fired_unexpected"
    else:
        name = "silent_unexpected" if expected else "silent_expected"
    return replace(so_far, **{name: getattr(so_far, name) + 1})


def expected_to_fire(expect: Expectation, library: Library) -> Mapping[str, bool]:
    """Return the rules of which an expectation says that they hold, or that they do not, by id.

    A rule is expected not to hold when it is silent, undecided or named under `never`; when
    it recommends, cautions or speaks on a list that has to be complete and does not name it;
    and when it finds what a complete expectation does not name.
    """
    shown = rules_shown(expect, library)
    absent = (*shown[Stand.SILENT], *shown[Stand.UNKNOWN], *_absent(expect, library))
    return {**dict.fromkeys(absent, False), **dict.fromkeys(shown[Stand.FIRES], True)}


def _absent(expect: Expectation, library: Library) -> Iterator[str]:
    for rule in library.rules:
        if rule.status is Status.ACTIVE and (rule.id in expect.never or _is_ruled_out(rule, expect)):
            yield rule.id


def _is_ruled_out(rule: Rule, expect: Expectation) -> bool:
    match rule.verb:
        case Verb.FINDS:
            return expect.complete and rule.target not in (expect.findings or {})
        case Verb.CAUTIONS:
            pressing = rule.tier is Tier.SAFETY and _lacks(expect.safety, rule.id)
            return pressing or _lacks(expect.cautions, rule.id)
        case Verb.RECOMMENDS if rule.tier is Tier.SAFETY:
            return _lacks(expect.safety, rule.id) or rule.target in expect.never
        case _:
            return rule.target in expect.never or _is_no_step(rule.target, expect)


def _is_no_step(action: str, expect: Expectation) -> bool:
    """Whether an action may stand neither among the steps for now nor among those for later."""
    return _lacks(expect.recommendations, action) or (_lacks(expect.now, action) and _lacks(expect.then, action))


def _lacks(listed: Listed | None, name: str) -> bool:
    """Whether a name may not stand on a list."""
    if listed is None:
        return False
    return name in listed.never or (listed.exactly is not None and name not in listed.exactly)
