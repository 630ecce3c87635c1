"""What an operator is: its meaning on each kind of fact, twice, and its words.

The meaning stands twice on purpose. `holds` is the reference, written on the values
themselves; `rails` are the two comparisons that the compiled evaluator makes on plain
values. Tests hold them equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum, auto
from typing import Final, TypeAlias

from cdsrules.frozen import frozen
from cdsrules.logic.moment import Moment
from cdsrules.logic.truth import Truth, negate
from cdsrules.logic.values import kind_of, misfit
from cdsrules.model.condition import FactKey, Operand, Scalar
from cdsrules.model.facts import FactValue, Kind
from cdsrules.model.time import Duration


class OperandShape(Enum):
    """What stands behind an operator in a rule file."""

    VALUE = auto()
    """One literal of the fact's kind."""
    LIST = auto()
    """A list of literals of the fact's kind."""
    PAIR = auto()
    """Two literals of the fact's kind, the lower one first."""
    WINDOW = auto()
    """A length of time, or a number of attended sessions."""
    MOMENT = auto()
    """A date, the day of an action or a decline, or the date in another fact."""


@frozen
class Cutoff:
    """A plain value that a comparison needs and that depends on the day, not on the facts."""

    find: Callable[[Moment, Duration], object]
    length: Duration


Against: TypeAlias = FactValue | Scalar | tuple[Scalar, ...] | None
"""An operand with its references looked up; None is a reference that is not known."""

Judge: TypeAlias = Callable[[FactValue | None, Against, Moment], Truth]
Bound: TypeAlias = Cutoff | FactKey | int | float | bool | str | frozenset[object]
"""What a name of a rail stands for: something to look up, or a constant."""
Bind: TypeAlias = Callable[[Operand], Mapping[str, Bound]]


@frozen
class Rails:
    """When an operator is true and when it is false, as comparisons of plain values.

    Both speak of `value` and of the names that `bind` makes of the operand; on an unknown
    value both are false. They are parsed once, and operands enter the syntax tree as
    constants, never as text.
    """

    true: str
    false: str
    bind: Bind


@frozen
class Form:
    """An operator on one kind of fact.

    `says` and `denied` are the phrases for true and false, with `{0}` for the operand
    ("at least {0}", "less than {0}"); the one that is missing is said by denying the
    other. A form without rails is decided by calling `holds`.
    """

    holds: Judge
    rails: Rails | None
    says: str | None
    denied: str | None


@frozen
class Example:
    """A worked use of an operator: a value for which it holds and one for which it does not.

    `operand` is what stands behind the operator, as JSON has it.
    """

    fact: str
    operand: object
    holds_for: FactValue
    fails_for: FactValue
    over: str | None = None


@frozen
class Operator:
    """One operator of the rule language, with its meaning in a sentence and examples."""

    name: str
    shape: OperandShape
    forms: Mapping[Kind, Form]
    meaning: str
    examples: tuple[Example, ...]

    def holds(self, value: FactValue | None, against: Against, moment: Moment) -> Truth:
        """Return the truth of the operator on a value; None is a value that is not known.

        What an unknown value makes of it is the same on every kind. Raises TypeError for
        a value of a kind that the operator does not apply to.
        """
        if value is None:
            return next(iter(self.forms.values())).holds(None, against, moment)
        form = self.forms.get(kind_of(value))
        if form is None:
            raise misfit(value, f"something that `{self.name}` applies to")
        return form.holds(value, against, moment)


EXAMPLE_DAY: Final = date(2026, 6, 1)
"""The day on which the examples are evaluated; sessions were attended every week before it."""
LONG_AGO: Final = date(2024, 1, 8)


def denial(form: Form) -> Form:
    """Return the exact opposite of a form: true where it is false, unknown where unknown."""

    def holds(value: FactValue | None, against: Against, moment: Moment) -> Truth:
        return negate(form.holds(value, against, moment))

    swapped = None if form.rails is None else replace(form.rails, true=form.rails.false, false=form.rails.true)
    return replace(form, holds=holds, rails=swapped, says=form.denied, denied=form.says)


def denials(forms: Mapping[Kind, Form]) -> Mapping[Kind, Form]:
    """Return the exact opposite of an operator's forms."""
    return {kind: denial(form) for kind, form in forms.items()}


def when_known(judge: Callable[[FactValue, Against, Moment], Truth]) -> Judge:
    """Return a judge for which an unknown value or reference leaves the question open."""

    def holds(value: FactValue | None, against: Against, moment: Moment) -> Truth:
        return None if value is None or against is None else judge(value, against, moment)

    return holds
