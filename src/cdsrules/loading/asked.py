"""Whether what conditions ask of facts makes sense: the type check's problems, with code and place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cdsrules.diagnostics import Position
from cdsrules.loading.scope import Part, Scope
from cdsrules.logic import problem_types as found
from cdsrules.logic.typecheck import check
from cdsrules.model.condition import Condition, FactKey, KnownTest, Value

if TYPE_CHECKING:
    from cdsrules.logic.problems import Worded

CODES: Final[Mapping[type[found.Problem], tuple[str, Part]]] = {
    found.WrongOperator: ("CDS060", "operator"),
    found.WrongOperand: ("CDS061", "operand"),
    found.WrongUnit: ("CDS062", "operand"),
    found.OutOfRange: ("CDS063", "operand"),
    found.OffStep: ("CDS064", "operand"),
    found.AsFraction: ("CDS075", "operand"),
    found.UnknownChoice: ("CDS065", "operand"),
    found.RepeatedChoice: ("CDS066", "operand"),
    found.WrongOrder: ("CDS067", "operand"),
    found.NotPositive: ("CDS068", "operand"),
    found.Contradiction: ("CDS069", "fact"),
    found.CountOutOfReach: ("CDS070", "fact"),
    found.OverMissing: ("CDS071", "fact"),
    found.OverForbidden: ("CDS072", "over"),
    found.OverWrongUnit: ("CDS073", "over"),
    found.NoDate: ("CDS074", "operand"),
}
"""The code of each problem of the type check, and which part of the condition it points to."""


def check_condition(condition: Condition, scope: Scope) -> None:
    """Note what a condition asks that its facts cannot answer."""
    for problem in check(condition, scope.names.facts):
        code, part = CODES[type(problem)]
        words = _worded(problem, scope)
        if problem.at is not None:
            places = scope.places.get(problem.at)
            if isinstance(problem, found.NotPositive) and problem.given == problem.fact.over:
                part = "over"
            at = problem.at if places is None else places.of(part)
            scope.problems.add(code, at, words.message, words.advice, related=_set_at(problem, scope))


def _set_at(problem: found.Problem, scope: Scope) -> tuple[Position, ...]:
    """Return where the parameter is set whose value does not fit; nothing when the value stands in the condition."""
    given = getattr(problem, "given", None)
    name = given.parameter if isinstance(given, Value) else None
    parameter = None if name is None else scope.names.parameters.get(name)
    return () if parameter is None or parameter.at is None else (parameter.at,)


def check_window(key: FactKey, at: Position, scope: Scope) -> None:
    """Note a fact in a text whose window is missing, or that takes none."""
    for problem in check(KnownTest(key, at), scope.names.facts):
        words = _worded(problem, scope)
        missing = isinstance(problem, found.OverMissing)
        advice = f"Write `{{{key.name} over 60 days}}`, with the time you mean." if missing else words.advice
        scope.problems.add(CODES[type(problem)][0], at, words.message, advice)


def _worded(problem: found.Problem, scope: Scope) -> Worded:
    from cdsrules.logic.problems import worded  # most files have no problem, and the words take time to load

    return worded(problem, scope.names.facts)
