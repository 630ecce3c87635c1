"""Every row of what the rules have to say, with the rules that carry it and the cases that show them."""

from __future__ import annotations

from collections.abc import Iterable

from cdsrules.frozen import frozen
from cdsrules.model.rulebook import Library, Rule, Status
from cdsrules.model.vocabulary import Requirement
from cdsrules.testing.cases import CaseFile
from cdsrules.testing.shown import Showing, Stand, showings


@frozen
class CarryingRule:
    """An active rule that carries a row, and the cases in which it is shown to fire."""

    rule: Rule
    cases: tuple[Showing, ...]


@frozen
class Row:
    """One requirement with what carries it."""

    requirement: Requirement
    rules: tuple[CarryingRule, ...]

    @property
    def cases(self) -> int:
        """How many cases show a rule of this row, each counted once."""
        return len({case.id for rule in self.rules for case in rule.cases})

    @property
    def lacks(self) -> str | None:
        """What is missing from the row, in words; None when nothing is."""
        if not self.rules:
            return "no rule carries it"
        if not self.cases:
            return "no case shows its rules"
        return None


def rows(library: Library, files: Iterable[CaseFile]) -> tuple[Row, ...]:
    """Return every requirement of the vocabulary, in its order, with the active rules that carry it."""
    shown = showings(library, files)
    return tuple(
        Row(
            requirement,
            tuple(
                CarryingRule(rule, tuple(one for one in shown[rule.id] if one.stand is Stand.FIRES))
                for rule in library.rules
                if requirement.id in rule.requirement and rule.status is Status.ACTIVE
            ),
        )
        for requirement in library.vocabulary.requirements.values()
    )
