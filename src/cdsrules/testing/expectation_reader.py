"""Reading what a case expects: every name is resolved against the loaded rulebooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.loading.values import read_word, wrong_sort
from cdsrules.measures.catalogue import facts_of
from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Library, Verb
from cdsrules.testing.expectations import Expectation, Listed, completed
from cdsrules.testing.item_reader import ItemReader
from cdsrules.testing.known_names import Known, NameReader
from cdsrules.testing.said import evened
from cdsrules.testing.vacuity import Impossible

EXPECT_KEYS: Final[Keys] = {
    "complete": Key("complete: true"),
    "fires": Key("fires: [stalled]"),
    "silent": Key("silent: [consult-colleague]"),
    "unknown": Key("unknown: [plateau-in-range]"),
    "findings": Key("findings: {stalled: true, risk_present: unknown}"),
    "safety": Key("safety: [risk-item-endorsed]"),
    "recommendations": Key("recommendations: {includes: [reassessment, plan_adjustment], never: [consultation]}"),
    "now": Key("now: [reassessment, progress_talk]"),
    "then": Key("then: [plan_adjustment]"),
    "waits": Key("waits: {plan_adjustment: [reassessment, progress_talk]}"),
    "settled": Key("settled: {consultation: done}"),
    "answers": Key("answers: {referral: first_do}"),
    "cautions": Key("cautions: [referral-as-first-move]"),
    "cannot_rule_out": Key("cannot_rule_out: [frequency-alone]"),
    "asks": Key("asks: [medication.current]"),
    "items": Key("items: {consult-colleague: {tier: review, stands: now, action: consultation}}"),
    "never": Key("never: [end_treatment]"),
    "says": Key('says: ["the latest score is"]'),
    "never_says": Key('never_says: ["well done"]'),
}
LIST_KEYS: Final[Keys] = {
    "exactly": Key("exactly: [reassessment, progress_talk]"),
    "includes": Key("includes: [reassessment]"),
    "never": Key("never: [consultation]"),
}
_IMPOSSIBLE: Final = "Leave it out of `never`: it would be met whatever the rules do."
_TRUTHS: Final = {"true": True, "false": False, "unknown": None}


class ExpectationReader:
    """Reads what cases expect of one library; what is wrong goes to `problems`."""

    def __init__(self, library: Library, problems: Problems) -> None:
        facts = facts_of(library)
        self._problems = problems
        self._names = NameReader(problems)
        self._actions = Known("action", library.vocabulary.actions)
        self._facts = Known("fact", facts)
        self._rules = Known("rule", library.by_id)
        self._findings = Known("finding", {rule.target for rule in library.rules if rule.verb is Verb.FINDS})
        self._either = Known("rule or action", {*self._rules.names, *self._actions.names})
        self._impossible = Impossible(library, facts)
        self._items = ItemReader(library.by_id, self._actions, facts, self._names, problems)

    def read(self, section: Section) -> Expectation:
        """Return what one case expects."""
        answers = self._words(section, "answers", tuple(verdict.value for verdict in Verdict))
        expected = Expectation(
            complete=section.flag("complete", default=False),
            fires=self._names.listed(section, "fires", self._rules) or (),
            silent=self._names.listed(section, "silent", self._rules) or (),
            unknown=self._names.listed(section, "unknown", self._rules) or (),
            findings=self._truths(section),
            safety=self._list(section, "safety", self._rules),
            recommendations=self._list(section, "recommendations", self._actions),
            now=self._list(section, "now", self._actions),
            then=self._list(section, "then", self._actions),
            waits=self._waits(section),
            settled=self._words(section, "settled", ("done", "declined")),
            answers=None if answers is None else {action: Verdict(word) for action, word in answers.items()},
            cautions=self._list(section, "cautions", self._rules),
            cannot_rule_out=self._list(section, "cannot_rule_out", self._rules),
            asks=self._list(section, "asks", self._facts),
            items=self._items.read(section),
            never=self._never(section, "never", self._either),
            says=evened(section.texts("says")),
            never_says=evened(section.texts("never_says")),
        )
        return completed(expected) if expected.complete else expected

    def _list(self, section: Section, key: str, known: Known) -> Listed | None:
        """Return what is expected of a list: one that is written without a word before it is all there is."""
        node = section.node(key)
        if not isinstance(node, Entries):
            names = self._names.listed(section, key, known)
            return None if names is None else Listed(exactly=names)
        group = open_section(node, f"`{key}`", LIST_KEYS, self._problems)
        if group is None:
            return None
        if group.has("exactly") and len(group.entries) > 1:
            message = f"`{key}` says `exactly` what is there, so there is nothing to say beside it."
            advice = "Leave the others out, or `exactly`."
            self._problems.add("CDS206", group.place("exactly"), message, advice)
        listed = Listed(
            exactly=self._names.listed(group, "exactly", known),
            includes=self._names.listed(group, "includes", known) or (),
            never=self._never(group, key, known),
        )
        if listed.asserts_nothing and group.entries.keys() <= LIST_KEYS.keys():
            message = f"`{key}` is met whatever stands there."
            self._problems.add(
                "CDS202", group.at, message, f"Write like `{section.keys[key].example}`, or leave it out."
            )
        return listed

    def _never(self, section: Section, part: str, known: Known) -> tuple[str, ...]:
        """Return what must not appear in a part of the guidance, and note what could not appear there anyway."""
        for item in section.items("never"):
            name = item.value if isinstance(item, Leaf) else None
            if isinstance(name, str) and name.partition(" over ")[0] in known.names:
                why = self._impossible.why(part, name)
                if why is not None:
                    self._problems.add("CDS207", item.at, why, _IMPOSSIBLE)
        return self._names.listed(section, "never", known) or ()

    def _truths(self, section: Section) -> Mapping[str, bool | None] | None:
        named = self._names.by_name(section, "findings", self._findings)
        return None if named is None else {name: self._truth(name, entry.node) for name, entry in named.items()}

    def _truth(self, name: str, node: Node) -> bool | None:
        if isinstance(node, Leaf) and isinstance(node.value, bool):
            return node.value
        return _TRUTHS[read_word(node, f"`{name}`", tuple(_TRUTHS), self._problems) or "unknown"]

    def _words(self, section: Section, key: str, words: tuple[str, ...]) -> Mapping[str, str] | None:
        named = self._names.by_name(section, key, self._actions)
        if named is None:
            return None
        read = {name: read_word(entry.node, f"`{name}`", words, self._problems) for name, entry in named.items()}
        return {name: word for name, word in read.items() if word is not None}

    def _waits(self, section: Section) -> Mapping[str, tuple[str, ...]] | None:
        named = self._names.by_name(section, "waits", self._actions)
        if named is None:
            return None
        waits: dict[str, tuple[str, ...]] = {}
        for name, entry in named.items():
            if isinstance(entry.node, Items):
                waits[name] = self._names.read(entry.node.items, name, self._actions)
            else:
                wrong_sort(entry.node, f"`{name}`", "a list of actions", "Write `[reassessment]`.", self._problems)
        return waits
