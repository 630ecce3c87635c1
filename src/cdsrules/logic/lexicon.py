"""The words that conditions are said in: of facts, actions and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.logic.english import uncapitalised
from cdsrules.logic.operators import OPERATORS, Operator
from cdsrules.model.condition import DateOf, FactKey, LatestOf
from cdsrules.model.facts import FactCatalogue, FactSpec
from cdsrules.model.saying import say_word
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Action


def last(window: Duration) -> str:
    """Return a window as what follows "in the last": `60 days`, `month`."""
    return str(window) if window.amount != 1 else str(window).removeprefix("1 ")


@frozen
class Lexicon:
    """How facts, actions and findings are called.

    `findings` gives a clause or a rule's title by finding; `primary` is what the primary
    measure is called, by its name where a client is spoken of.
    """

    catalogue: FactCatalogue
    actions: Mapping[str, Action]
    findings: Mapping[str, str] = field(default_factory=dict)
    primary: str = "the primary measure"
    operators: Mapping[str, Operator] = field(default_factory=lambda: OPERATORS)

    def noun(self, key: FactKey) -> str:
        """Return a fact as a noun phrase, with the window it is taken over."""
        spec = self.catalogue[key.name]
        noun = self.named(spec.words)
        window = self.window(key)
        return f"{noun} {window}" if window else noun

    def named(self, words: str) -> str:
        """Return words with the name of the primary measure in its place: "PHQ-9", "a primary measure score"."""
        bare = self.primary.removeprefix("the ")
        beside = words.replace("{primary} score", f"{bare} score").replace("{primary} {unit}", f"{bare} {{unit}}")
        return beside.replace("{primary}", self.primary)

    def window(self, key: FactKey) -> str:
        """Return the window of a fact as it ends a clause; empty where it has none."""
        spec = self.catalogue[key.name]
        if key.over is None:
            return spec.over_words or ""
        return f"{'in' if counts(spec) else 'over'} the last {last(key.over)}"

    def finding(self, name: str) -> str:
        """Return a finding as a clause."""
        known = self.findings.get(name)
        return uncapitalised(known) if known else f"“{say_word(name)}” holds"

    def moment(self, reference: LatestOf | DateOf) -> str:
        """Return a reference as what follows "after"."""
        if isinstance(reference, DateOf):
            return self.noun(FactKey(reference.fact))
        action = self.actions[reference.action]
        return f"the last {action.name}" if reference.event == "done" else action.declined


_MEASURED: Final = frozenset({"per cent", "points", "days", "weeks", "months", "years"})


def names_unit(spec: FactSpec) -> bool:
    """Whether the fact's clause says the unit itself, as in "there were {value} {unit}"."""
    return spec.clause is not None and "{unit}" in spec.clause


def counts(spec: FactSpec) -> bool:
    """Whether a fact counts things that its clause names: no-shows, not points or days, nor what comes in fractions."""
    return names_unit(spec) and spec.unit not in _MEASURED and spec.step == 1
