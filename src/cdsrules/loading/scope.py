"""The names that a rule may use, and what it has used of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from cdsrules.diagnostics import Position
from cdsrules.frozen import frozen
from cdsrules.loading.problems import Problems, did_you_mean
from cdsrules.loading.requirements_file import row_number
from cdsrules.loading.values import shortened
from cdsrules.model.facts import FactCatalogue, FactSpec
from cdsrules.model.rulebook import Parameter
from cdsrules.model.source import Source
from cdsrules.model.vocabulary import Action, Instrument


@frozen
class Names:
    """Every name that something bears.

    Parameters and sources are those of one rulebook. `spoilt` holds parameters that are
    declared but could not be read, and `complete` is false when a whole file or entry
    could not: then a name that nothing bears is not worth a word, the cause is noted.
    """

    facts: FactCatalogue
    actions: Mapping[str, Action]
    instruments: Mapping[str, Instrument]
    findings: Collection[str]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    requirements: Collection[str] = ()
    spoilt: Collection[str] = ()
    complete: bool = True


Part: TypeAlias = Literal["fact", "over", "operator", "operand"]
_PARTS: Final[tuple[Part, ...]] = ("fact", "over", "operator", "operand")


class LeafPlaces(NamedTuple):
    """Where the parts of a condition on a fact stand: its name, its window, the operator, what follows it."""

    fact: Position
    over: Position
    operator: Position
    operand: Position

    def of(self, part: Part) -> Position:
        """Return the place of one part."""
        return self[_PARTS.index(part)]


@dataclass(slots=True)
class Scope:
    """The names one rule may use, where its problems go, and what it has read so far.

    `parameters` holds where each parameter was first read, `places` the places of the parts of
    a condition on a fact, by the place of the condition.
    """

    names: Names
    problems: Problems
    parameters: dict[str, Position] = field(default_factory=dict)
    places: dict[Position, LeafPlaces] = field(default_factory=dict)

    def fact(self, name: str, at: Position) -> FactSpec | None:
        """Return the declaration of a fact, or None after noting that there is none."""
        spec = self.names.facts.get(name)
        if spec is None:
            advice = did_you_mean(name, self.names.facts, "`cdsrules facts` lists what there is.")
            self._unknown("CDS040", at, f"There is no fact `{name}`.", advice)
        return spec

    def action(self, name: str, at: Position) -> Action | None:
        """Return an action, or None after noting that there is none."""
        action = self.names.actions.get(name)
        if action is None:
            advice = did_you_mean(name, self.names.actions, "Use one of vocabulary/actions.yaml, or declare it there.")
            self._unknown("CDS042", at, f"There is no action `{name}`.", advice)
        return action

    def finding(self, name: str, at: Position) -> bool:
        """Tell whether some rule finds this, and note it when none does."""
        if name in self.names.findings:
            return True
        otherwise = f"Write a rule with `finds: {name}`, or read another finding."
        advice = did_you_mean(name, self.names.findings, otherwise)
        self._unknown("CDS041", at, f"There is no finding `{name}`.", advice)
        return False

    def source(self, name: str, at: Position) -> bool:
        """Tell whether the rulebook declares this source, and note it when it does not."""
        if name in self.names.sources:
            return True
        words = name.split()
        if len(words) > 1 and all(word in self.names.sources for word in words):
            message = f"Here stands `{name}` as one source; a comma is missing between several."
            self._unknown("CDS046", at, message, f"Write `[{', '.join(words)}]`.")
            return False
        advice = did_you_mean(name, self.names.sources, "Declare it under `sources` of this rulebook.")
        self._unknown("CDS046", at, f"There is no source `{name}`.", advice)
        return False

    def requirement(self, name: str, at: Position) -> bool:
        """Tell whether there is such a requirement, and note it when there is none."""
        if name in self.names.requirements:
            return True
        same = next((one for one in self.names.requirements if row_number(one) == row_number(name)), None)
        advice = "Use a row of vocabulary/requirements.yaml, or add it to a requirements file."
        advice = advice if same is None else f"Did you mean `{same}`?"
        self._unknown("CDS052", at, f"There is no requirement `{shortened(name)}`.", advice)
        return False

    def parameter(self, name: str, at: Position) -> Parameter | None:
        """Return a parameter and remember that it was read, or None after noting that there is none."""
        parameter = self.names.parameters.get(name)
        if parameter is not None:
            self.parameters.setdefault(name, at)
        elif name not in self.names.spoilt:
            known = [f"${one}" for one in (*self.names.parameters, *sorted(self.names.spoilt))]
            advice = did_you_mean(f"${name}", known, "Declare it under `parameters` of this rulebook.")
            self.problems.add("CDS043", at, f"There is no parameter `${name}` in this rulebook.", advice)
        return parameter

    def _unknown(self, code: str, at: Position, message: str, advice: str) -> None:
        if self.names.complete:
            self.problems.add(code, at, message, advice)
