"""Reading what a case expects of single items: tier, place, action, words, and the facts an item rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entries, Entry, Leaf, Node
from cdsrules.loading.values import as_day, read_word, wrong_sort
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.model.saying import say_date, say_value
from cdsrules.testing.expectations import ItemExpectation, Standing
from cdsrules.testing.known_names import Known, NameReader
from cdsrules.testing.said import evened

ITEM_KEYS: Final[Keys] = {
    "tier": Key("tier: review"),
    "stands": Key("stands: now"),
    "action": Key("action: consultation"),
    "rests_on": Key("rests_on: {treatment.duration: 7 months}"),
    "says": Key('says: ["the latest score is"]'),
    "never_says": Key('never_says: ["well done"]'),
}
_TIERS: Final = tuple(tier.value for tier in Tier)
_STANDINGS: Final[Mapping[str, Standing]] = {"now": "now", "then": "then"}
_YES_NO: Final = {"true": "yes", "false": "no", "yes": "yes", "no": "no"}


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Reads what is expected of items, against the rules, actions and facts that are loaded."""

    rules: Mapping[str, Rule]
    actions: Known
    facts: FactCatalogue
    names: NameReader
    problems: Problems

    def read(self, section: Section) -> Mapping[str, ItemExpectation] | None:
        """Return what is expected of each item, by its rule; None when nothing is said of any."""
        named = self.names.by_name(section, "items", Known("rule", self.rules))
        if named is None:
            return None
        read = {name: self._item(name, entry) for name, entry in named.items()}
        return {name: item for name, item in read.items() if item is not None}

    def _item(self, name: str, entry: Entry) -> ItemExpectation | None:
        section = open_section(entry.node, f"what is expected of `{name}`", ITEM_KEYS, self.problems)
        if section is None:
            return None
        if name in self.rules and not speaks(self.rules[name]):
            message = f"Rule `{name}` never says anything by itself, so nothing can be expected of what it says."
            self.problems.add(
                "CDS203", entry.key_at, message, "Expect it under `fires`, or what it finds under `findings`."
            )
        item = ItemExpectation(
            tier=self._tier(section),
            stands=_STANDINGS.get(self._word(section, "stands", tuple(_STANDINGS)) or ""),
            action=self._action(section),
            rests_on=self._rests_on(section),
            says=evened(section.texts("says")),
            never_says=evened(section.texts("never_says")),
        )
        if (
            not any((item.tier, item.stands, item.action, item.looks_at_words))
            and section.entries.keys() <= ITEM_KEYS.keys()
        ):
            message = f"Nothing is expected of `{name}`."
            advice = f"Write something like `{ITEM_KEYS['tier'].example}`; that it holds is said under `fires`."
            self.problems.add("CDS202", section.at, message, advice)
        return item

    def _word(self, section: Section, key: str, words: tuple[str, ...]) -> str | None:
        node = section.node(key)
        return None if node is None else read_word(node, f"`{key}`", words, self.problems)

    def _tier(self, section: Section) -> Tier | None:
        word = self._word(section, "tier", _TIERS)
        return None if word is None else Tier(word)

    def _action(self, section: Section) -> str | None:
        node = section.node("action")
        return None if node is None else next(iter(self.names.read((node,), "action", self.actions)), None)

    def _rests_on(self, section: Section) -> Mapping[str, str] | None:
        node = section.node("rests_on")
        if node is None:
            return None
        if not isinstance(node, Entries):
            advice = f"Write it like `{ITEM_KEYS['rests_on'].example}`."
            wrong_sort(node, "`rests_on`", "each fact with its value", advice, self.problems)
            return None
        read: dict[str, str] = {}
        for name, entry in node.entries.items():
            self.names.check(name, entry.key_at, Known("fact", self.facts))
            spec = self.facts.get(name.partition(" over ")[0])
            value = None if spec is None else _printed(entry.node, name, spec, self.problems)
            if value is not None:
                read[name] = value
        return read


def speaks(rule: Rule) -> bool:
    """Whether a rule can bring an item while it runs: it recommends, cautions, or has words for what it finds.

    What a safety rule finds is said in the line on risk, which is no item.
    """
    return rule.verb is not Verb.FINDS or (rule.say.clinician is not None and rule.tier is not Tier.SAFETY)


def _printed(node: Node, name: str, spec: FactSpec, problems: Problems) -> str | None:
    """Return a fact's value as it is printed; it may be written as in a rule, such as `no_reliable_change`."""
    label = f"`{name}`"
    if not isinstance(node, Leaf) or node.value in {None, ""}:
        wrong_sort(node, label, "a value", "Write it as it is printed, such as `7 months`.", problems)
        return None
    written = " ".join(node.written.split())
    match spec.kind:
        case Kind.YES_NO:
            word = read_word(node._replace(value=written), label, tuple(_YES_NO), problems)
            return None if word is None else _YES_NO[word]
        case Kind.CHOICE:
            said = {say_value(word, spec): word for word in spec.choices}
            word = read_word(node._replace(value=said.get(written, written)), label, spec.choices, problems)
            return None if word is None else say_value(word, spec)
        case Kind.NUMBER if isinstance(node.value, (int, float)):
            return say_value(node.value, spec)
        case Kind.DATE:
            day: date | None = as_day(written)
            return written if day is None else say_date(day)
        case _:
            return written
