"""Single items held against what is expected of them: tier, place, action, facts and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdsrules.model.guidance import Guidance, Item
from cdsrules.testing.difference import Difference
from cdsrules.testing.expectations import ItemExpectation
from cdsrules.testing.said import item_texts, items_of, rules_that_hold, rules_undecided


def item_differences(expected: Mapping[str, ItemExpectation], guidance: Guidance) -> Iterator[Difference]:
    """Yield every way in which an item is not what was expected of it."""
    for rule, wanted in expected.items():
        item = next((one for one in items_of(guidance) if one.rule.id == rule), None)
        if item is None:
            yield Difference(f"Item `{rule}`", "that it is there", _why_not_there(rule, guidance), (rule,))
        else:
            yield from _differences(rule, wanted, item)


def _why_not_there(rule: str, guidance: Guidance) -> str:
    leading = next((one.rule.id for one in items_of(guidance) if rule in one.also), None)
    if leading is not None:
        return f"it stands behind `{leading}`, which recommends the same step before it"
    if rule in rules_that_hold(guidance):
        return "the rule holds, and its item is not shown"
    return f"the rule {'cannot be decided' if rule in rules_undecided(guidance) else 'does not hold'}"


def _differences(rule: str, wanted: ItemExpectation, item: Item) -> Iterator[Difference]:
    pairs = (
        ("Tier", wanted.tier, item.tier.value),
        ("Place", wanted.stands, item.standing.value),
        ("Action", wanted.action, item.action or "no action"),
    )
    for what, should, found in pairs:
        if should is not None and should != found:
            yield Difference(f"{what} of `{rule}`", f"`{should}`", f"it is `{found}`", (rule,))
    if wanted.rests_on:
        cited = {one.fact: one.value for one in item.explanation.facts}
        for fact, value in wanted.rests_on.items():
            if cited.get(fact) != value:
                got = f"there it is {cited[fact]}" if fact in cited else f"it rests on {_listed(cited)}"
                yield Difference(f"What `{rule}` rests on", f"`{fact}`: {value}", got, (rule,))
    if wanted.says or wanted.never_says:
        yield from _text_differences(rule, wanted, item_texts(item))


def _listed(cited: Mapping[str, str]) -> str:
    return "; ".join(f"`{fact}`: {value}" for fact, value in cited.items()) or "no fact"


def _text_differences(rule: str, wanted: ItemExpectation, texts: tuple[str, ...]) -> Iterator[Difference]:
    said = " ".join(texts)
    for text in wanted.says:
        if text not in said:
            got = "it says: " + ", ".join(f"“{one}”" for one in texts)
            yield Difference(f"What `{rule}` says", f"“{text}”", got, (rule,))
    for text in wanted.never_says:
        if text in said:
            where = next((one for one in texts if text in one), said)
            yield Difference(f"What `{rule}` says", f"never “{text}”", f"it says: “{where}”", (rule,))
