"""What a case expects, and reading it: every name is resolved against the loaded rulebooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems, did_you_mean
from cdsrules.loading.section import Key, Keys, Section
from cdsrules.loading.tree import Entry, Items, Leaf, Node
from cdsrules.loading.values import read_word, wrong_sort
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Library, Verb

EXPECT_KEYS: Final[Keys] = {
    "complete": Key("complete: true"),
    "fires": Key("fires: [stalled]"),
    "silent": Key("silent: [consult-colleague]"),
    "unknown": Key("unknown: [plateau-in-range]"),
    "findings": Key("findings: {stalled: true, risk_present: unknown}"),
    "safety": Key("safety: [risk-item-endorsed]"),
    "now": Key("now: [reassessment, progress_talk]"),
    "then": Key("then: [plan_adjustment]"),
    "waits": Key("waits: {plan_adjustment: [reassessment, progress_talk]}"),
    "settled": Key("settled: {consultation: done}"),
    "answers": Key("answers: {referral: first_do}"),
    "cautions": Key("cautions: [referral-as-first-move]"),
    "cannot_rule_out": Key("cannot_rule_out: [frequency-alone]"),
    "asks": Key("asks: [medication.current]"),
    "never": Key("never: [end_treatment]"),
    "says": Key('says: ["the latest score is"]'),
    "never_says": Key('never_says: ["well done"]'),
}
_TRUTHS: Final = {"true": True, "false": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should come out for a client; None means that nothing is said of this part.

    `fires`, `silent` and `unknown` are rules that hold, do not hold, cannot be decided.
    `safety` (rules), `now` and `then` (actions), `cautions` and `cannot_rule_out` (rules
    that speak of what is proposed) and `asks` (facts to find out next) are complete and in
    order; `never` are rules and actions that must not appear; `says` and `never_says`
    pieces of text. Of a `complete` expectation every part is looked at: what is not named
    must not be there, and the findings named true are all that hold.
    """

    complete: bool = False
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    findings: Mapping[str, bool | None] | None = None
    safety: tuple[str, ...] | None = None
    now: tuple[str, ...] | None = None
    then: tuple[str, ...] | None = None
    waits: Mapping[str, tuple[str, ...]] | None = None
    settled: Mapping[str, str] | None = None
    answers: Mapping[str, Verdict] | None = None
    cautions: tuple[str, ...] | None = None
    cannot_rule_out: tuple[str, ...] | None = None
    asks: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()

    @property
    def asserts_nothing(self) -> bool:
        """Whether it would be met whatever comes out: no list that has to be complete, and nothing in the others."""
        ordered = (self.safety, self.now, self.then, self.cautions, self.cannot_rule_out, self.asks)
        named = (self.fires, self.silent, self.unknown, self.never, self.says, self.never_says)
        by_name = (self.findings, self.waits, self.settled, self.answers)
        return not self.complete and all(one is None for one in ordered) and not any((*named, *by_name))


def _completed(expected: Expectation) -> Expectation:
    """Return an expectation in which every part that is not named is empty."""
    return replace(
        expected,
        findings=expected.findings or {},
        safety=expected.safety or (),
        now=expected.now or (),
        then=expected.then or (),
        settled=expected.settled or {},
        answers=expected.answers or {},
        cautions=expected.cautions or (),
        cannot_rule_out=expected.cannot_rule_out or (),
        asks=expected.asks or (),
    )


class ExpectationReader:
    """Reads what cases expect of one library; what is wrong goes to `problems`."""

    def __init__(self, library: Library, problems: Problems) -> None:
        self._problems = problems
        self._actions = frozenset(library.vocabulary.actions)
        self._facts = frozenset(catalogue(library.vocabulary))
        self._rules = frozenset(library.by_id)
        self._findings = frozenset(rule.target for rule in library.rules if rule.verb is Verb.FINDS)

    def read(self, section: Section) -> Expectation:
        """Return what one case expects."""
        answers = self._words(section, "answers", tuple(verdict.value for verdict in Verdict))
        expected = Expectation(
            complete=section.flag("complete", default=False),
            fires=self._names(section, "fires", self._rules, "rule") or (),
            silent=self._names(section, "silent", self._rules, "rule") or (),
            unknown=self._names(section, "unknown", self._rules, "rule") or (),
            findings=self._truths(section),
            safety=self._names(section, "safety", self._rules, "rule"),
            now=self._names(section, "now", self._actions, "action"),
            then=self._names(section, "then", self._actions, "action"),
            waits=self._waits(section),
            settled=self._words(section, "settled", ("done", "declined")),
            answers=None if answers is None else {action: Verdict(word) for action, word in answers.items()},
            cautions=self._names(section, "cautions", self._rules, "rule"),
            cannot_rule_out=self._names(section, "cannot_rule_out", self._rules, "rule"),
            asks=self._names(section, "asks", self._facts, "fact"),
            never=self._names(section, "never", self._rules | self._actions, "rule or action") or (),
            says=section.texts("says"),
            never_says=section.texts("never_says"),
        )
        return _completed(expected) if expected.complete else expected

    def _check(self, name: str, at: Position, known: Collection[str], what: str) -> None:
        # A fact over a window is asked for with it: `outcome.primary.class over 6 months`.
        if name.partition(" over ")[0] not in known:
            advice = did_you_mean(name, known, otherwise=f"Write the id of one {what} that is loaded.")
            self._problems.add("CDS203", at, f"There is no {what} `{name}`.", advice)

    def _names(self, section: Section, key: str, known: Collection[str], what: str) -> tuple[str, ...] | None:
        if not section.has(key):
            return None
        return self._names_in(section.items(key), key, known, what)

    def _names_in(self, items: tuple[Node, ...], key: str, known: Collection[str], what: str) -> tuple[str, ...]:
        names: list[str] = []
        for item in items:
            if isinstance(item, Leaf) and isinstance(item.value, str):
                self._check(item.value, item.at, known, what)
                names.append(item.value)
            else:
                wrong_sort(item, f"An item of `{key}`", "an id", f"Write the id of one {what}.", self._problems)
        return tuple(names)

    def _by_name(self, section: Section, key: str, known: Collection[str], what: str) -> Mapping[str, Entry] | None:
        if not section.has(key):
            return None
        named = section.named(key, what)
        for name, entry in named.items():
            self._check(name, entry.key_at, known, what)
        return named

    def _truths(self, section: Section) -> Mapping[str, bool | None] | None:
        named = self._by_name(section, "findings", self._findings, "finding")
        return None if named is None else {name: self._truth(name, entry.node) for name, entry in named.items()}

    def _truth(self, name: str, node: Node) -> bool | None:
        if isinstance(node, Leaf) and isinstance(node.value, bool):
            return node.value
        return _TRUTHS[read_word(node, f"`{name}`", tuple(_TRUTHS), self._problems) or "unknown"]

    def _words(self, section: Section, key: str, words: tuple[str, ...]) -> Mapping[str, str] | None:
        named = self._by_name(section, key, self._actions, "action")
        if named is None:
            return None
        read = {name: read_word(entry.node, f"`{name}`", words, self._problems) for name, entry in named.items()}
        return {name: word for name, word in read.items() if word is not None}

    def _waits(self, section: Section) -> Mapping[str, tuple[str, ...]] | None:
        named = self._by_name(section, "waits", self._actions, "action")
        if named is None:
            return None
        waits: dict[str, tuple[str, ...]] = {}
        for name, entry in named.items():
            if isinstance(entry.node, Items):
                waits[name] = self._names_in(entry.node.items, name, self._actions, "action")
            else:
                wrong_sort(entry.node, f"`{name}`", "a list of actions", "Write `[reassessment]`.", self._problems)
        return waits
