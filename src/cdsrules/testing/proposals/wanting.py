"""What a proposed case expects: what the present rules say of its client, the telling part of it and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from cdsrules.inference.program import Truth
from cdsrules.loading.tree import Plain
from cdsrules.model.guidance import Guidance, Item, Verdict
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.testing.differences import differences
from cdsrules.testing.expectations import Expectation, ItemExpectation, Listed, Standing
from cdsrules.testing.mutation.variants import Variant
from cdsrules.testing.proposals.laying import Laid, Laying

_OUTCOMES: Final[dict[Truth, str]] = {True: "fires", False: "silent", None: "unknown"}


@dataclass(frozen=True)
class Wanted:
    """An expectation, and how it is written."""

    expect: Expectation
    written: dict[str, Plain]

    def notices(self, laid: Laid, variant: Variant) -> bool:
        """Return whether the client would not come out so with a slip in the rules."""
        return next(differences(self.expect, laid.guidance_under(variant)), None) is not None

    def also(self, **written: Plain) -> Wanted:
        """Return the expectation with further parts, in the form in which they are written."""
        return Wanted(replace(self.expect, **_read(written)), {**self.written, **written})  # type: ignore[arg-type]


def wanting(rule: Rule, laid: Laid, laying: Laying) -> Iterator[Wanted]:
    """Yield what could be expected of a client with an eye on a rule, the plainest first; all of it comes out now."""
    told = laying.told_of(laid)
    for one in _wanting(rule, laid, told[0]):
        if all(next(differences(one.expect, guidance), None) is None for guidance in told):
            yield one


def _wanting(rule: Rule, laid: Laid, guidance: Guidance) -> Iterator[Wanted]:
    truth = laid.decided(rule).truth
    named: dict[str, Plain] = {_OUTCOMES[truth]: [rule.id]}
    outcome = Wanted(Expectation(), {}).also(**named)
    if rule.verb is Verb.FINDS:
        found = {one.finding: one.truth for one in guidance.findings}.get(rule.target)
        yield Wanted(Expectation(), {}).also(findings={rule.target: "unknown" if found is None else found})
        yield outcome.also(findings={rule.target: "unknown" if found is None else found})
    yield outcome
    item = next((one for one in _items(guidance) if one.rule.id == rule.id), None)
    if item is not None:
        yield outcome.also(items={rule.id: _of_item(item)})
    lists: dict[str, list[str]] = {
        "safety": [one.rule.id for one in guidance.safety],
        "now": [one.action or "" for one in guidance.pathway.now],
        "then": [one.action or "" for one in guidance.pathway.then],
        "cautions": [one.rule.id for answer in guidance.proposals for one in answer.cautions],
    }
    for name, there in lists.items():
        part: dict[str, Plain] = {name: list(there)}
        yield outcome.also(**part)
    answers: dict[str, Plain] = {one.action: one.verdict.value for one in guidance.proposals}
    if answers:
        yield outcome.also(answers=answers)
    waits: dict[str, Plain] = {
        str(one.action): [wait.action for wait in one.waits_for if wait.action]
        for one in guidance.pathway.then
        if one.waits_for and all(wait.action for wait in one.waits_for)
    }
    if waits:
        yield outcome.also(waits=waits)
    yield from _everything(outcome, lists, guidance)


def _everything(outcome: Wanted, lists: dict[str, list[str]], guidance: Guidance) -> Iterator[Wanted]:
    """Yield what is seldom needed: the order of all steps, what stands in the words, what to find out next."""
    yield outcome.also(now=list(lists["now"]), then=list(lists["then"]))
    settled: dict[str, Plain] = {one.action: one.how for one in guidance.pathway.settled}
    if settled:
        yield outcome.also(settled=settled)
    yield outcome.also(asks=[fact for one in guidance.ask_next.questions for fact in one.facts])


def _items(guidance: Guidance) -> Iterator[Item]:
    yield from (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then)
    for answer in guidance.proposals:
        yield from answer.cautions


def _of_item(item: Item) -> dict[str, Plain]:
    said: dict[str, Plain] = {"tier": item.tier.value}
    if item.verb is Verb.RECOMMENDS:
        said["stands"] = item.standing.value
    if item.action is not None:
        said["action"] = item.action
    return said


def _read(written: dict[str, Plain]) -> dict[str, object]:
    """Return the parts of an expectation from how they are written; only what is written here can be read here."""
    read: dict[str, object] = {}
    for name, value in written.items():
        match name, value:
            case (("fires" | "silent" | "unknown"), list(rules)):
                read[name] = tuple(rules)
            case "findings", dict(found):
                read[name] = {key: None if truth == "unknown" else truth for key, truth in found.items()}
            case "answers", dict(answers):
                read[name] = {key: Verdict(str(verdict)) for key, verdict in answers.items()}
            case "waits", dict(waits):
                read[name] = {key: tuple(each) for key, each in waits.items() if isinstance(each, list)}
            case "settled", dict(settled):
                read[name] = settled
            case "items", dict(items):
                read[name] = {key: _item(one) for key, one in items.items() if isinstance(one, dict)}
            case _, list(names):
                read[name] = Listed(exactly=tuple(str(one) for one in names))
    return read


_STANDINGS: Final[dict[str, Standing]] = {"now": "now", "then": "then"}


def _item(written: dict[str, Plain]) -> ItemExpectation:
    action = written.get("action")
    return ItemExpectation(
        tier=Tier(str(written["tier"])),
        stands=_STANDINGS.get(str(written.get("stands"))),
        action=None if action is None else str(action),
    )
