"""A file of laws as frozen values, every name in it resolved against the loaded rulebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position, in_order
from cdsrules.errors import LawsError
from cdsrules.loading.asked import check_condition
from cdsrules.loading.client_document import PARTS
from cdsrules.loading.conditions import read_whole_condition
from cdsrules.loading.problems import EnoughProblems, Problems, did_you_mean, listed
from cdsrules.loading.scope import Names, Scope
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import Entries, Entry, Items, Leaf, Node
from cdsrules.loading.values import read_duration, read_word, wrong_sort
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.measures.catalogue import facts_of
from cdsrules.model.condition import Condition
from cdsrules.model.risk import RISK_KINDS
from cdsrules.model.rulebook import Library, Status, Verb
from cdsrules.testing.cases import EXEMPTION_KEYS
from cdsrules.testing.exemptions import Exemption
from cdsrules.testing.laws.law import CHANGES, SUBJECTS, Change, KnownGap, Law, Promise, Word

_CHANGE: Final = "change: {worsen_latest_score: any}"
_THEN: Final = "then: {urgency: never_falls}"
FILE_KEYS: Final[Keys] = {
    "laws": Key(f"laws: [{{law: worse-never-calms, title: …, {_CHANGE}, {_THEN}, …}}]", required=True),
}
LAW_KEYS: Final[Keys] = {
    "law": Key("law: worse-never-calms", required=True),
    "title": Key("title: A worse score never makes the guidance less urgent", required=True),
    "where": Key("where: {finding: stalled}"),
    "known_gap": Key("known_gap: {where: {finding: stalled}, reason: The rule is being rewritten., until: 2026-12-01}"),
    "change": Key(_CHANGE, required=True),
    "then": Key(_THEN, required=True),
    "source": Key("source: local", required=True),
    "why": Key("why: Whoever gets worse must not be spoken of more calmly.", required=True),
}
GAP_KEYS: Final[Keys] = {"where": Key("where: {finding: stalled}", required=True), **EXEMPTION_KEYS}
CHANGE_KEYS: Final[Keys] = {name: Key(f"{name}: {kind.example}".strip(": ")) for name, kind in CHANGES.items()}
_SOME: Final = {"action": "end_treatment", "finding": "stalled"}
THEN_KEYS: Final[Keys] = {
    name: Key(
        f"{name}: {{{_SOME[subject.each]}: {subject.words[0]}}}" if subject.each else f"{name}: {subject.words[0]}"
    )
    for name, subject in SUBJECTS.items()
}
ANY: Final = "any"


def read_laws(files: Iterable[SourceFile], library: Library) -> tuple[Law, ...]:
    """Return the laws of all files, shipped ones first, in the order written.

    Raises `LawsError` with all problems of all files.
    """
    laws, problems = _read(files, library)
    if problems:
        raise LawsError(problems)
    return laws


def check_laws(files: Iterable[SourceFile], library: Library) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with files of laws, sorted by place."""
    return _read(files, library)[1]


def _read(files: Iterable[SourceFile], library: Library) -> tuple[tuple[Law, ...], tuple[Diagnostic, ...]]:
    problems = Problems()
    reader = _Reader(library, problems)
    with suppress(EnoughProblems):
        for file in sorted(files, key=lambda one: not one.is_shipped):
            root = parse_yaml(file.text, file.name, problems)
            section = None if root is None else open_section(root, "a file of laws", FILE_KEYS, problems)
            if section is not None:
                reader.file(section, file)
    return tuple(reader.laws.values()), in_order(problems.found)


class _Reader:
    """Reads files of laws against one library; what is wrong goes to `problems`."""

    def __init__(self, library: Library, problems: Problems) -> None:
        self._problems = problems
        self._vocabulary = library.vocabulary
        active = [rule for rule in library.rules if rule.status is Status.ACTIVE]
        self._found = {rule.target for rule in active if rule.verb is Verb.FINDS}
        self._recommended = {rule.target for rule in active if rule.verb is Verb.RECOMMENDS}
        self._cautioned = {rule.target for rule in active if rule.verb is Verb.CAUTIONS}
        names = Names(
            facts=facts_of(library),
            actions=library.vocabulary.actions,
            instruments=library.vocabulary.instruments,
            findings=self._found,
            parameters={},
            sources={},
        )
        self._scope = Scope(names, problems)
        self.laws: dict[str, Law] = {}

    def file(self, section: Section, file: SourceFile) -> None:
        """Take in the laws of one file."""
        for node in section.items("laws"):
            law = open_section(node, "a law", LAW_KEYS, self._problems)
            if law is not None:
                self._law(law, file)
        if section.has("laws") and not section.items("laws"):
            advice = "Write one, or delete the file: it looks as if it guarded something."
            self._problems.add("CDS225", section.value_place("laws"), "There is no law in this file.", advice)

    def _law(self, section: Section, file: SourceFile) -> None:
        name, title = section.id("law"), section.said("title")
        where, change, then = self._where(section), self._change(section), self._then(section)
        gap = self._gap(section)
        source, why = section.said("source"), section.said("why")
        if name in self.laws:
            self._twice(name, section.value_place("law"))
        elif name and change is not None:
            at = section.value_place("law")
            self.laws[name] = Law(name, title, change, then, source, why, where, gap, file.name, file.is_shipped, at)

    def _twice(self, name: str, at: Position) -> None:
        if self.laws[name].is_shipped:
            message = f"`{name}` is a law that comes with cdsrules and is always looked into."
            advice = "Give your law another id; it is added to those that come with cdsrules."
        else:
            message, advice = f"A law above is called `{name}` too.", "Give each law a name of its own."
        self._problems.add("CDS220", at, message, advice)

    def _where(self, section: Section) -> Condition | None:
        node = section.node("where")
        read = None if node is None else read_whole_condition(node, self._scope)
        if read is not None:
            check_condition(read, self._scope)
        return read

    def _gap(self, section: Section) -> KnownGap | None:
        gap = section.section("known_gap", "`known_gap`", GAP_KEYS)
        if gap is None:
            return None
        where, reason, until = self._where(gap), gap.said("reason"), gap.day("until")
        return None if where is None or until is None else KnownGap(where, Exemption(reason, until))

    # ---- The change

    def _change(self, section: Section) -> Change | None:
        node = section.node("change")
        if node is None:
            return None
        if isinstance(node, Leaf) and isinstance(node.value, str):
            kind = read_word(node, "`change`", tuple(CHANGES), self._problems)
            return None if kind is None else self._bare(kind, node)
        change = open_section(node, "`change`", CHANGE_KEYS, self._problems)
        if change is None:
            return None
        kinds = [key for key in change.entries if key in CHANGES]
        if len(change.entries) != 1:
            what = f"several things at once: {listed(change.entries, 'and')}" if change.entries else "nothing"
            advice = "Write one of them, and a law of its own for each other." if kinds else f"Write `{_CHANGE}`."
            self._problems.add("CDS221", change.at, f"This law changes {what}.", advice)
        return self._with_terms(kinds[0], change) if len(kinds) == 1 == len(change.entries) else None

    def _bare(self, kind: str, node: Leaf) -> Change | None:
        takes = CHANGES[kind].takes
        if takes == "nothing":
            return Change(kind)
        advice = f"Write `change: {{{kind}: {CHANGES[kind].example}}}`."
        self._problems.add("CDS221", node.at, f"`{kind}` does not say which {takes}.", advice)
        return None

    def _with_terms(self, kind: str, change: Section) -> Change | None:
        node = change.entries[kind].node
        match CHANGES[kind].takes:
            case "nothing":
                message = f"`{kind}` takes nothing after it."
                self._problems.add("CDS221", node.at, message, f"Write `change: {kind}`.")
                return None
            case "a time":
                time = read_duration(node, f"`{kind}`", self._problems)
                if time is not None and not (time.is_calendar and time.amount):
                    message = f"`{kind}` is {time}, which moves no day."
                    self._problems.add("CDS221", node.at, message, "Write a time of the calendar, like `90 days`.")
                    return None
                return None if time is None else Change(kind, up_to=time)
            case takes:
                return Change(kind, self._terms(node, kind, self._known(takes), takes))

    def _known(self, takes: str) -> Collection[str]:
        match takes:
            case "instruments":
                roles = ("outcome", "screening")
                return [one.id for one in self._vocabulary.instruments.values() if one.role in roles]
            case "kinds of risk":
                return RISK_KINDS
            case "actions":
                return self._vocabulary.actions
            case _:
                return PARTS

    def _terms(self, node: Node, kind: str, known: Collection[str], takes: str) -> tuple[str, ...]:
        items: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
        if not items:
            message = f"`{kind}` names none of the {takes}."
            self._problems.add("CDS221", node.at, message, f"Name some, or write `{kind}: any`.")
        found: dict[str, None] = {}
        for item in items:
            if not (isinstance(item, Leaf) and isinstance(item.value, str)):
                wrong_sort(item, f"An item of `{kind}`", "a name", f"Write one of the {takes}.", self._problems)
            elif item.value != ANY and item.value not in known:
                advice = did_you_mean(item.value, known, f"There are {listed(known, 'and')}.")
                message = f"`{item.value}` is none of the {takes} that `{kind}` can change."
                self._problems.add("CDS223", item.at, message, advice)
            else:
                found[item.value] = None
        return () if ANY in found else tuple(found)

    # ---- What has to hold

    def _then(self, section: Section) -> tuple[Promise, ...]:
        then = section.section("then", "`then`", THEN_KEYS)
        if then is None:
            return ()
        if not then.entries:
            message = "This law asks for nothing, so nothing could break it."
            self._problems.add("CDS222", then.at, message, f"Write `{_THEN}`, or what else has to hold.")
        return tuple(one for name in then.entries if name in SUBJECTS for one in self._promises(name, then))

    def _promises(self, subject: str, then: Section) -> list[Promise]:
        words, each, _ = SUBJECTS[subject]
        node = then.entries[subject].node
        if each is None:
            word = self._word(node, subject, words)
            return [] if word is None else [Promise(subject, word)]
        if isinstance(node, Entries) and not node.entries:
            message = f"`{subject}` names no {each}, so nothing could break it."
            self._problems.add("CDS222", node.at, message, f"Write `{THEN_KEYS[subject].example}`.")
        return [
            Promise(subject, word, name)
            for name, entry in then.named(subject, each).items()
            if self._is_there(subject, name, entry) and (word := self._word(entry.node, name, words)) is not None
        ]

    def _word(self, node: Node, label: str, words: Sequence[Word]) -> Word | None:
        word = read_word(node, f"`{label}`", [one.value for one in words], self._problems)
        return None if word is None else Word(word)

    def _is_there(self, subject: str, name: str, entry: Entry) -> bool:
        """Whether some rule brings about what is named: of what never comes, anything could be promised."""
        if subject == "findings":
            return self._scope.finding(name, entry.key_at)
        known = self._recommended if subject == "recommendations" else self._cautioned
        if self._scope.action(name, entry.key_at) is None:
            return False
        if name not in known:
            does = "recommends" if subject == "recommendations" else "cautions against"
            advice = f"Name an action that some rule {does}, such as {listed(sorted(known)[:3])}."
            self._problems.add("CDS224", entry.key_at, f"No rule {does} `{name}`, so nothing could break this.", advice)
        return name in known
