"""Rules that another one makes needless: duplicates, rules that always stand behind, rules that add nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

import z3

from cdsrules.analysis.answers import Answer, NotFound, RuledOut, Shown, Undecided
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import Claim, Search, Shows
from cdsrules.analysis.survey import Survey
from cdsrules.analysis.terms import Holds, both, either, same
from cdsrules.guidance.outline import Outline, outline
from cdsrules.loading.tree import Plain
from cdsrules.model.rulebook import Rule, Status, Tier, Verb
from cdsrules.model.saying import say_list
from cdsrules.testing.laws.asking import Answer as Evaluated


class Pair(NamedTuple):
    """A rule, and one that may make it needless: of the same verb about the same thing."""

    needless: Rule
    other: Rule

    @property
    def ids(self) -> tuple[str, str]:
        """Both by id, the needless one first."""
        return self.needless.id, self.other.id

    def both_hold(self, client: Evaluated) -> bool:
        """Return whether both hold for a client."""
        return client.rules[self.needless.id] is True and client.rules[self.other.id] is True


def needless(search: Search, survey: Survey, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Yield a remark for each of the rules that another one makes needless, and for each that is never given."""
    shown = outline(search.program)
    duplicates: set[frozenset[str]] = set()
    for pair in _pairs(search, rules):
        if frozenset(pair.ids) in duplicates:
            continue
        remark = _compared(search, survey, pair, shown)
        if remark is not None:
            yield remark
            if remark.sort is Sort.DUPLICATE:
                duplicates.add(frozenset(pair.ids))
    yield from _behind_several(search, survey, shown, rules)
    yield from _never_given(search, shown, rules)


def _pairs(search: Search, rules: Sequence[Rule]) -> Iterator[Pair]:
    chosen = {rule.id for rule in rules}
    alike: dict[tuple[Verb, str], list[Rule]] = {}
    for rule in search.program.library.rules:
        if rule.status is Status.ACTIVE:
            alike.setdefault((rule.verb, rule.target), []).append(rule)
    for together in alike.values():
        for one, other in permutations(together, 2):
            if one.id in chosen or other.id in chosen:
                yield Pair(one, other)


def _compared(search: Search, survey: Survey, pair: Pair, shown: Outline) -> Remark | None:
    one, other = pair.ids
    if not isinstance(survey.first(pair.needless), Shown):
        return None  # it never holds, which is remarked already
    if not survey.ever_differ(one, other):
        remark = _duplicate(search, survey, pair)
        if remark is not None:
            return remark
    sort = _if_needless(pair, shown)
    if sort is None or survey.is_met_alone(one, other):
        return None
    return _behind(search, survey, pair, sort)


def _if_needless(pair: Pair, shown: Outline) -> Sort | None:
    """Return what a rule is that never holds without another; None where it still says something of its own."""
    rule, other = pair
    match rule.verb:
        case Verb.FINDS:
            return Sort.SUBSUMED if rule.say.clinician is None else None
        case Verb.CAUTIONS:
            return Sort.SUBSUMED if set(rule.until) == set(other.until) and rule.tier is other.tier else None
        case Verb.RECOMMENDS:
            places: Mapping[str, int] = {one.id: place for place, (_, one) in enumerate(shown.pathway)}
            if rule.id not in places or other.id not in places:
                return None  # every safety item is shown
            return Sort.SHADOWED if places[other.id] < places[rule.id] else None


def _ask(search: Search, survey: Survey, claim: Claim, shows: Shows, about: Sequence[Rule]) -> Answer:
    answer = search.find(claim, shows, about=about)
    survey.note(answer)
    return answer


def _duplicate(search: Search, survey: Survey, pair: Pair) -> Remark | None:
    one, other = pair.ids

    def differ(rulings: Rulings) -> Holds:
        first, second = rulings[one].truth, rulings[other].truth
        return either(z3.Not(same(first.true, second.true)), z3.Not(same(first.false, second.false)))

    answer = _ask(search, survey, differ, lambda client: client.rules[one] is not client.rules[other], pair)
    says = f"“{pair.needless.title}” and “{pair.other.title}” hold for the same clients and {_does(pair.other)}."
    return _remark(search, pair, Sort.DUPLICATE, answer, says)


def _behind(search: Search, survey: Survey, pair: Pair, sort: Sort) -> Remark | None:
    one, other = pair.ids

    def alone(rulings: Rulings) -> Holds:
        return both(rulings[one].truth.true, z3.Not(rulings[other].truth.true))

    def shows(client: Evaluated) -> bool:
        return client.rules[one] is True and client.rules[other] is not True

    answer = _ask(search, survey, alone, shows, pair)
    says = (
        f"Whenever “{pair.needless.title}” holds, “{pair.other.title}” holds too, and speaks first: both "
        f"{_does(pair.other)}, so the words of “{pair.needless.title}” are never read."
        if sort is Sort.SHADOWED
        else f"Whenever “{pair.needless.title}” holds, “{pair.other.title}” holds too: both {_does(pair.other)}."
    )
    return _remark(search, pair, sort, answer, says)


def _remark(search: Search, pair: Pair, sort: Sort, answer: Answer, says: str) -> Remark | None:
    match answer:
        case Shown():
            return None
        case Undecided(because):
            return Remark(Sort.UNTOLD, pair.ids, f"Whether {says[0].lower()}{says[1:]} could not be told. {because}")
        case RuledOut() | NotFound():
            found = search.find(_holding(pair), pair.both_hold, prove=False, small=True)
            client = found if isinstance(found, Shown) else None
            expect: dict[str, Plain] = {"fires": list(pair.ids)}
            return Remark(sort, pair.ids, says, client, answer, expect=expect, shows=pair.both_hold)


def _holding(pair: Pair) -> Claim:
    one, other = pair.ids
    return lambda rulings: both(rulings[one].truth.true, rulings[other].truth.true)


def _does(rule: Rule) -> str:
    does = {Verb.FINDS: "find", Verb.RECOMMENDS: "recommend", Verb.CAUTIONS: "caution against"}
    return f"{does[rule.verb]} the same ({rule.target})"


# ---- Behind several, now one and now another


def _behind_several(search: Search, survey: Survey, shown: Outline, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Yield the recommendations that never speak because one of several others always speaks first."""
    chosen = {rule.id for rule in rules}
    leading: dict[str, list[Rule]] = {}
    for _, rule in shown.pathway:
        before = leading.setdefault(rule.target, [])
        if rule.id in chosen and len(before) > 1 and isinstance(survey.first(rule), Shown):
            remark = _covered(search, survey, rule, tuple(before))
            if remark is not None:
                yield remark
        before.append(rule)


def _covered(search: Search, survey: Survey, rule: Rule, others: tuple[Rule, ...]) -> Remark | None:
    name, leads = rule.id, [one.id for one in others]
    if survey.is_first_somewhere(name, leads) or any(survey.is_always_beside(name, one) for one in leads):
        return None  # one of them alone stands before it always, which is remarked already

    def first(rulings: Rulings) -> Holds:
        return both(rulings[name].truth.true, *(z3.Not(rulings[one].truth.true) for one in leads))

    def is_first(client: Evaluated) -> bool:
        return client.rules[name] is True and not any(client.rules[one] is True for one in leads)

    answer = _ask(search, survey, first, is_first, (rule, *others))
    titles = say_list([f"“{one.title}”" for one in others], "or")
    says = f"Whenever “{rule.title}” holds, {titles} holds too and speaks first, so its own words are never read."
    match answer:
        case Shown():
            return None
        case Undecided(because):
            return Remark(Sort.UNTOLD, (name, *leads), f"Whether this is so could not be told: {says} {because}")
        case RuledOut() | NotFound():
            holding = search.find(
                lambda rulings: rulings[name].truth.true, lambda one: one.rules[name] is True, small=True
            )
            client = holding if isinstance(holding, Shown) else None

            def shows(one: Evaluated) -> bool:
                return one.rules[name] is True and not is_first(one)

            return Remark(Sort.SHADOWED, (name, *leads), says, client, answer, expect={"fires": [name]}, shows=shows)


# ---- Held back for good


def _never_given(search: Search, shown: Outline, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Yield the recommendations that are held back in every client for whom they hold."""
    chosen = {rule.id for rule in rules}
    pressing = [rule.id for _, rule in shown.safety_steps]
    for _, rule in shown.kept_back:
        if rule.id in chosen and rule.tier is not Tier.SAFETY:
            remark = _held_back(search, rule, pressing)
            if remark is not None:
                yield remark


def _held_back(search: Search, rule: Rule, pressing: Sequence[str]) -> Remark | None:
    name = rule.id

    def given(rulings: Rulings) -> Holds:
        return both(rulings[name].truth.true, *(z3.Not(rulings[one].truth.true) for one in pressing))

    def is_given(client: Evaluated) -> bool:
        return client.rules[name] is True and not any(client.rules[one] is True for one in pressing)

    answer = search.find(given, is_given, about=(rule,))
    if isinstance(answer, Shown):
        return None
    holding = search.find(
        lambda rulings: rulings[name].truth.true, lambda client: client.rules[name] is True, small=True
    )
    if not isinstance(holding, Shown):
        return None  # it never holds, which is remarked already
    says = (
        f"“{rule.title}” is held back whenever it holds: it holds only while a safety item is open, and then nobody "
        f"is advised this ({rule.target})."
    )
    if isinstance(answer, Undecided):
        return Remark(Sort.UNTOLD, (name,), f"Whether {says[0].lower()}{says[1:]} could not be told. {answer.because}")

    def shows(client: Evaluated) -> bool:
        return client.rules[name] is True and not is_given(client)

    return Remark(Sort.NEVER_GIVEN, (name,), says, holding, answer, expect={"fires": [name]}, shows=shows)
