"""What the cases have seen of the wording: every text that a rule has, and every form that its placeholders take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from cdsrules.guidance.outline import Outline
from cdsrules.guidance.wording import NOT_KNOWN
from cdsrules.inference.program import Program
from cdsrules.model.condition import FactKey
from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.rulebook import Rule, Wording
from cdsrules.model.text import FactSlot, Text
from cdsrules.testing.forms import KNOWN, Form, form_of, forms_of
from cdsrules.testing.possible import Possibility
from cdsrules.testing.specimens import Decisions, Specimen

LABELS: Final = ("clinician", "supervisor", "client", "why")
"""The texts that a rule may have, in the order in which they are shown."""

EXCEPTION: Final = "exception"
"""What an item adds where the rule's exception cannot be decided: "Unless: …"."""


class Branch(NamedTuple):
    """One way in which a text comes out: at all, or with a placeholder in one of its forms.

    `slot` and `form` are None for the text itself.
    """

    label: str
    slot: FactSlot | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class BranchCoverage:
    """A branch, and whether some case has seen it."""

    branch: Branch
    seen: bool


class WatchedWording:
    """The texts of a program's rules, watched while cases are decided."""

    def __init__(self, program: Program, outline: Outline) -> None:
        self._program = program
        self._outline = outline
        self._rules = {rule.id: rule for rule in program.rules}
        possible = Possibility(program)
        self._seen = {
            rule.id: dict.fromkeys(_branches(rule, program, possible), False) for rule in program.rules if _speaks(rule)
        }

    def look(self, specimen: Specimen, decided: Decisions) -> None:
        """Take in what is said for a client."""
        guidance = specimen.guidance(decided, self._outline)
        for item in _items(guidance):
            self._note(item.rule, self._said(item.rule, specimen))
            if item.told.value.exceptions:
                self._note(item.rule, [Branch(EXCEPTION)])
        # The line on risk says what is found about it to the clinician alone.
        for _, rule in self._outline.safety_speaking:
            if decided[rule.id].truth is True:
                self._note(rule, (one for one in self._said(rule, specimen) if one.label == "clinician"))

    def _note(self, rule: Rule, branches: Iterable[Branch]) -> None:
        seen = self._seen.get(rule.id)
        if seen is not None and not all(seen.values()):
            for branch in branches:
                counted = branch if branch in seen or branch.form == NOT_KNOWN else branch._replace(form=KNOWN)
                if counted in seen:
                    seen[counted] = True

    def _said(self, rule: Rule, specimen: Specimen) -> Iterator[Branch]:
        for label, text in _texts(rule.say):
            yield Branch(label)
            for slot in _slots(text):
                measured = specimen.facts.get(FactKey(slot.fact, slot.over))
                yield Branch(label, slot, form_of(measured, slot, self._program.catalogue[slot.fact]))

    def seen_so_far(self, rule: Rule) -> tuple[BranchCoverage, ...]:
        """Return what was seen of a rule's wording, as written."""
        return tuple(BranchCoverage(branch, seen) for branch, seen in self._seen.get(rule.id, {}).items())


def _speaks(rule: Rule) -> bool:
    return rule.say.clinician is not None


def _texts(say: Wording) -> Iterator[tuple[str, Text]]:
    texts: Mapping[str, Text | None] = {
        "clinician": say.clinician,
        "supervisor": say.supervisor,
        "client": say.client,
        "why": say.why,
    }
    yield from ((label, text) for label, text in texts.items() if text is not None)


def _slots(text: Text) -> tuple[FactSlot, ...]:
    """Return the placeholders of a text that print facts, each once; those of parameters come out in one way only."""
    return tuple(dict.fromkeys(slot for slot in text.slots if isinstance(slot, FactSlot)))


def _branches(rule: Rule, program: Program, possible: Possibility) -> Iterator[Branch]:
    for label, text in _texts(rule.say):
        yield Branch(label)
        for slot in _slots(text):
            for form in forms_of(slot, rule, program.catalogue[slot.fact], possible):
                yield Branch(label, slot, form)
    if rule.unless is not None and possible.undecided(rule.unless):
        yield Branch(EXCEPTION)


def _items(guidance: Guidance) -> Iterator[Item]:
    yield from (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then)
    for answer in guidance.proposals:
        yield from answer.cautions
