"""Files of obligations as frozen values, every name in them resolved against the loaded rulebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Final

from cdsrules.analysis.combinations import MOST, combinations_of, settings_of
from cdsrules.analysis.obligation import Duties, Gets, Obligation, Screen
from cdsrules.diagnostics import Diagnostic, Position, in_order
from cdsrules.errors import ObligationsError
from cdsrules.loading.asked import check_condition
from cdsrules.loading.conditions import read_whole_condition
from cdsrules.loading.problems import EnoughProblems, Problems, did_you_mean, listed
from cdsrules.loading.scope import Names, Scope
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import Items, Leaf, Node
from cdsrules.loading.values import wrong_sort
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.measures.catalogue import facts_of
from cdsrules.model.condition import Condition, FactKey
from cdsrules.model.rulebook import Library, Status, Verb
from cdsrules.testing.cases import EXEMPTION_KEYS
from cdsrules.testing.exemptions import Exemption

ANY: Final = "any"
_EVERY: Final = "every: {finding: stalled}"
_GETS: Final = "gets: {recommendation: any}"
FILE_KEYS: Final[Keys] = {
    "obligations": Key(f"obligations: [{{obligation: stalled-gets-a-step, title: …, {_EVERY}, {_GETS}, …}}]"),
    "screens": Key("screens: [{screen: signs-of-suicide, title: …, asks: [risk.ideation.open], serious: …, …}]"),
}
_SHARED: Final[Keys] = {
    "title": Key("title: Whoever is stalled is advised a step", required=True),
    "gets": Key(_GETS, required=True),
    "source": Key("source: G01", required=True),
    "known_gap": Key("known_gap: {reason: The rules are being rewritten., until: 2026-12-01}"),
    "why": Key("why: Nobody who is stalled should be left without advice.", required=True),
}
OBLIGATION_KEYS: Final[Keys] = {
    "obligation": Key("obligation: stalled-gets-a-step", required=True),
    "every": Key(_EVERY, required=True),
    "unless": Key("unless: {finding: risk_present}"),
    **_SHARED,
}
SCREEN_KEYS: Final[Keys] = {
    "screen": Key("screen: signs-of-suicide", required=True),
    "asks": Key("asks: [risk.item.open_score, risk.ideation.open]", required=True),
    "serious": Key("serious: {fact: risk.ideation.open, is: true}", required=True),
    **_SHARED,
}
GETS_KEYS: Final[Keys] = {
    "recommendation": Key("recommendation: any"),
    "caution_on": Key("caution_on: [end_treatment]"),
    "finding": Key("finding: [risk_present]"),
    "safety_item": Key("safety_item: any"),
    "risk_line": Key("risk_line: any"),
}


def read_obligations(files: Iterable[SourceFile], library: Library) -> Duties:
    """Return the obligations and screens of all files, shipped ones first, in the order written.

    Raises `ObligationsError` with all problems of all files.
    """
    duties, problems = _read(files, library)
    if problems:
        raise ObligationsError(problems)
    return duties


def check_obligations(files: Iterable[SourceFile], library: Library) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with files of obligations, sorted by place."""
    return _read(files, library)[1]


def _read(files: Iterable[SourceFile], library: Library) -> tuple[Duties, tuple[Diagnostic, ...]]:
    problems = Problems()
    reader = _Reader(library, problems)
    with suppress(EnoughProblems):
        for file in sorted(files, key=lambda one: not one.is_shipped):
            root = parse_yaml(file.text, file.name, problems)
            section = None if root is None else open_section(root, "a file of obligations", FILE_KEYS, problems)
            if section is not None:
                reader.file(section, file)
    return Duties(tuple(reader.obligations.values()), tuple(reader.screens.values())), in_order(problems.found)


class _Reader:
    """Reads files of obligations against one library; what is wrong goes to `problems`."""

    def __init__(self, library: Library, problems: Problems) -> None:
        self._problems = problems
        self._library = library
        active = [rule for rule in library.rules if rule.status is Status.ACTIVE]
        self._targets = {verb: frozenset(one.target for one in active if one.verb is verb) for verb in Verb}
        self._catalogue = facts_of(library)
        names = Names(
            facts=self._catalogue,
            actions=library.vocabulary.actions,
            instruments=library.vocabulary.instruments,
            findings=self._targets[Verb.FINDS],
            parameters={},
            sources={},
        )
        self._scope = Scope(names, problems)
        self.obligations: dict[str, Obligation] = {}
        self.screens: dict[str, Screen] = {}

    def file(self, section: Section, file: SourceFile) -> None:
        """Take in what one file declares."""
        declared = [*section.items("obligations"), *section.items("screens")]
        if not declared:
            advice = "Write an obligation or a screen, or delete the file: it looks as if it asked for something."
            self._problems.add("CDS243", section.at, "This file declares nothing.", advice)
        for node in section.items("obligations"):
            opened = open_section(node, "an obligation", OBLIGATION_KEYS, self._problems)
            if opened is not None:
                self._obligation(opened, file.name)
        for node in section.items("screens"):
            opened = open_section(node, "a screen", SCREEN_KEYS, self._problems)
            if opened is not None:
                self._screen(opened, file.name)

    def _obligation(self, section: Section, file: str) -> None:
        name, title = section.id("obligation"), section.said("title")
        every, unless, gets = self._condition(section, "every"), self._condition(section, "unless"), self._gets(section)
        source, why, at = section.said("source"), section.said("why"), section.value_place("obligation")
        if every is not None and self._is_new(name, self.obligations, "an obligation", at):
            gap = self._known_gap(section)
            self.obligations[name] = Obligation(name, title, every, gets, source, why, unless, gap, file, at)

    def _screen(self, section: Section, file: str) -> None:
        name, title = section.id("screen"), section.said("title")
        serious, asks, gets = self._condition(section, "serious"), self._asks(section), self._gets(section)
        source, why, at = section.said("source"), section.said("why"), section.value_place("screen")
        if serious is not None and self._is_new(name, self.screens, "a screen", at):
            gap = self._known_gap(section)
            self.screens[name] = Screen(name, title, asks, serious, gets, source, why, gap, file, at)

    def _known_gap(self, section: Section) -> Exemption | None:
        written = section.section("known_gap", "`known_gap`", EXEMPTION_KEYS)
        until = None if written is None else written.day("until")
        return None if written is None or until is None else Exemption(written.said("reason"), until)

    def _is_new(self, name: str, known: Collection[str], what: str, at: Position) -> bool:
        if name in known:
            message = f"The name `{name}` is taken: by {what} above, or by one that comes with cdsrules."
            self._problems.add("CDS240", at, message, "Give it another name.")
        return bool(name) and name not in known

    def _condition(self, section: Section, key: str) -> Condition | None:
        node = section.node(key)
        read = None if node is None else read_whole_condition(node, self._scope)
        if read is not None:
            check_condition(read, self._scope)
        return read

    # ---- What a screen asks

    def _asks(self, section: Section) -> tuple[FactKey, ...]:
        asked = [self._fact(node) for node in section.items("asks")]
        keys = tuple(dict.fromkeys(key for key in asked if key is not None))
        if section.has("asks") and not section.items("asks"):
            message = "This screen asks for no fact, so there is nothing to go through."
            self._problems.add(
                "CDS244", section.value_place("asks"), message, f"Write `{SCREEN_KEYS['asks'].example}`."
            )
        many = combinations_of(keys, self._library, self._catalogue)
        if many > MOST:
            message = f"These facts come in {many:,} combinations; {MOST:,} are the most that are gone through."
            self._problems.add(
                "CDS244", section.value_place("asks"), message, "Ask for fewer facts, in two screens if need be."
            )
        return keys

    def _fact(self, node: Node) -> FactKey | None:
        if not (isinstance(node, Leaf) and isinstance(node.value, str)):
            wrong_sort(
                node,
                "An item of `asks`",
                "the name of a fact",
                "Write a name like `risk.ideation.open`.",
                self._problems,
            )
            return None
        spec = self._scope.fact(node.value, node.at)
        if spec is None:
            return None
        key = FactKey(spec.name)
        if spec.over == "required" or not settings_of(key, self._library, self._catalogue):
            message = f"`{spec.name}` has no small number of values that could be gone through."
            advice = "Ask for a yes or no, a word of several, or a number that rules compare with something."
            self._problems.add("CDS244", node.at, message, advice)
            return None
        return key

    # ---- What is owed

    def _gets(self, section: Section) -> Gets:
        gets = section.section("gets", "`gets`", GETS_KEYS)
        if gets is None:
            return Gets()
        if not gets.entries:
            message = "Nothing is owed here, so nothing could be missing."
            self._problems.add("CDS241", gets.at, message, f"Write `{_GETS}`, or what else is owed.")
        return Gets(
            recommendation=self._actions(gets, "recommendation", Verb.RECOMMENDS),
            caution_on=self._actions(gets, "caution_on", Verb.CAUTIONS),
            finding=self._findings(gets),
            safety_item=self._is_asked(gets, "safety_item"),
            risk_line=self._is_asked(gets, "risk_line"),
        )

    def _is_asked(self, gets: Section, key: str) -> bool:
        node = gets.node(key)
        if node is None or (isinstance(node, Leaf) and node.value == ANY):
            return node is not None
        wrong_sort(node, f"`{key}`", "the word `any`", f"Write `{key}: any`.", self._problems)
        return False

    def _actions(self, gets: Section, key: str, verb: Verb) -> tuple[str, ...] | None:
        node = gets.node(key)
        if node is None:
            return None
        if isinstance(node, Leaf) and node.value == ANY:
            return ()
        return self._named(node, key, "action", verb)

    def _findings(self, gets: Section) -> tuple[str, ...]:
        node = gets.node("finding")
        return () if node is None else self._named(node, "finding", "finding", Verb.FINDS)

    def _named(self, node: Node, key: str, what: str, verb: Verb) -> tuple[str, ...]:
        items = node.items if isinstance(node, Items) else (node,)
        found: dict[str, None] = {}
        for item in items:
            if not (isinstance(item, Leaf) and isinstance(item.value, str)):
                wrong_sort(
                    item,
                    f"An item of `{key}`",
                    f"a name ({what})",
                    f"Write `{GETS_KEYS[key].example}`.",
                    self._problems,
                )
            elif item.value in self._targets[verb]:
                found[item.value] = None
            else:
                self._nobody(item.value, item.at, what, verb)
        if not items:
            self._problems.add("CDS241", node.at, f"`{key}` names nothing.", f"Write `{GETS_KEYS[key].example}`.")
        return tuple(found)

    def _nobody(self, name: str, at: Position, what: str, verb: Verb) -> None:
        """Note that no rule brings about what is owed: then everyone would miss it, by a slip of spelling."""
        does = {Verb.FINDS: "finds", Verb.RECOMMENDS: "recommends", Verb.CAUTIONS: "cautions against"}[verb]
        known = sorted(self._targets[verb])
        advice = did_you_mean(
            name, known, f"Name one of {listed(known, 'and')}." if known else "Write such a rule first."
        )
        self._problems.add("CDS242", at, f"No rule {does} `{name}`, so no client could get this {what}.", advice)
