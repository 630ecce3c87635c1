"""Conditions written as expressions with infix operators, which is what zen, CEL and Python read."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.made import FactOf
from cdsrules.model.condition import AllOf, AnyOf, Condition, FactTest, FindingTest, Not, Operand, Value

_SIGNS = {"at_least": (">=", "<"), "at_most": ("<=", ">"), "more_than": (">", "<="), "less_than": ("<", ">=")}


@dataclass(frozen=True)
class Syntax:
    """How a language writes what the made rules say.

    `known` is the test that a fact is there, with `{0}` for the fact; it stands before every
    comparison on the rails that a language without a third value needs.
    """

    both: str
    either: str
    negated: str
    equal: str
    unequal: str
    among: str
    missing: str
    yes: str
    no: str
    known: str

    def written(self, condition: Condition) -> str:
        """Return a condition whose facts are all known."""
        match condition:
            case AllOf(parts):
                return self._joined(self.both, [self.written(part) for part in parts])
            case AnyOf(parts):
                return self._joined(self.either, [self.written(part) for part in parts])
            case Not(part):
                return f"{self.negated}({self.written(part)})"
            case FindingTest(finding):
                return finding
            case FactTest(fact, operator, operand):
                return self._compared(fact.name, operator, operand, want=True)
            case _:
                raise NotImplementedError(condition)

    def rail(self, condition: Condition, *, want: bool) -> str:
        """Return when a condition is true, or when it is false, with facts that may not be known."""
        match condition:
            case AllOf(parts):
                return self._joined(self.both if want else self.either, [self.rail(one, want=want) for one in parts])
            case AnyOf(parts):
                return self._joined(self.either if want else self.both, [self.rail(one, want=want) for one in parts])
            case Not(part):
                return self.rail(part, want=not want)
            case FindingTest(finding):
                return f"{finding}_{'holds' if want else 'fails'}"
            case FactTest(fact, operator, operand):
                compared = self._compared(fact.name, operator, operand, want=want)
                if self._speaks_for_itself(operator, operand, want=want):
                    return compared
                return f"({self.known.format(fact.name)} {self.both} {compared})"
            case _:
                raise NotImplementedError(condition)

    def _speaks_for_itself(self, operator: str, operand: Operand, *, want: bool) -> bool:
        """Whether a missing fact fails the comparison anyway: it is not equal to anything, nor among anything."""
        if isinstance(operand, Value) and isinstance(operand.value, bool):
            return True
        return want and operator in {"is", "one_of"}

    def _joined(self, joint: str, parts: list[str]) -> str:
        return "(" + f" {joint} ".join(parts) + ")"

    def _compared(self, fact: str, operator: str, operand: Operand, *, want: bool) -> str:
        if isinstance(operand, tuple):
            words = ", ".join(self._literal(one.value) for one in operand if isinstance(one.value, str))
            return (self.among if want else self.missing).format(fact, words)
        if not isinstance(operand, Value) or not isinstance(operand.value, int | str):
            raise NotImplementedError(operand)
        if operator == "is":
            value = operand.value
            if isinstance(value, bool):
                return f"{fact} {self.equal} {self._literal(value is want)}"
            return f"{fact} {self.equal if want else self.unequal} {self._literal(value)}"
        return f"{fact} {_SIGNS[operator][0 if want else 1]} {self._literal(operand.value)}"

    def _literal(self, value: FactOf) -> str:
        if isinstance(value, bool):
            return self.yes if value else self.no
        return repr(value)


ZEN = Syntax("and", "or", "not ", "==", "!=", "{0} in [{1}]", "{0} not in [{1}]", "true", "false", "{0} != null")
CEL = Syntax("&&", "||", "!", "==", "!=", "{0} in [{1}]", "!({0} in [{1}])", "true", "false", "{0} != null")
PYTHON = Syntax("and", "or", "not ", "==", "!=", "{0} in ({1})", "{0} not in ({1})", "True", "False", "{0} is not None")
