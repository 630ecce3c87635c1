"""Why a rule came out as it did for a case: its condition clause by clause, and the facts it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, NamedTuple

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Truth
from cdsrules.logic.trace import Trace, trace
from cdsrules.logic.truth import any_of
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Not
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.testing.cases import Case
from cdsrules.testing.difference import Difference
from cdsrules.testing.nearness import missing
from cdsrules.testing.specimens import Decisions, Specimen, specimens
from cdsrules.testing.vacuity import NOT_RUN

MOST_RULES: Final = 3
"""How many rules one difference is explained by; more would be read by nobody."""

_WORDS: Final[Mapping[Truth, str]] = {True: "true", False: "false", None: "unknown"}
_OUTCOMES: Final[Mapping[Truth, str]] = {True: "holds", False: "does not hold", None: "cannot be decided"}


class Step(NamedTuple):
    """One line of a traced condition; `depth` says how many groups it stands in."""

    depth: int
    words: str


@dataclass(frozen=True, slots=True)
class Why:
    """How a rule came out, its condition clause by clause, and the facts that carry it, with their values."""

    rule: str
    outcome: str
    steps: tuple[Step, ...]
    facts: tuple[str, ...]


def why(case: Case, differences: Sequence[Difference], advisor: Advisor) -> Mapping[Difference, tuple[Why, ...]]:
    """Return for each difference why the rules that it concerns came out as they did."""
    (specimen,) = specimens([case], advisor)
    client = _Client(specimen, advisor)
    told: dict[str, Why] = {}
    found: dict[Difference, tuple[Why, ...]] = {}
    for difference in differences:
        resting = _not_run(difference, advisor)
        rules = _concerned(difference, client)[: MOST_RULES - len(resting)]
        for rule in rules:
            if rule.id not in told:
                told[rule.id] = _why(rule, case, client)
        found[difference] = (*resting, *(told[rule.id] for rule in rules))
    return found


def _not_run(difference: Difference, advisor: Advisor) -> tuple[Why, ...]:
    """Return of the rules that a difference names those that are not run, with the reason."""
    named = (advisor.library.by_id.get(name) for name in difference.about)
    return tuple(Why(rule.id, NOT_RUN[rule.status], (), ()) for rule in named if rule and rule.status in NOT_RUN)


class _Client:
    """The client of a case: how every rule came out for them, and what its conditions were met with."""

    def __init__(self, specimen: Specimen, advisor: Advisor) -> None:
        self.advisor, self.program = advisor, advisor.program
        self.decided: Decisions = specimen.decide_all(self.program)
        self._facts = specimen.facts
        carriers = self.program.carriers
        self._findings = {
            name: any_of(self.decided[one.id].truth for one in carriers.get(name, ())) for name in self.program.findings
        }

    def trace(self, condition: Condition) -> Trace:
        """Return a condition as it was evaluated for the client."""
        return trace(condition, self._facts, self._findings, self._facts.moment)

    def missing(self, rule: Rule) -> int:
        """Return how many clauses keep a rule from holding; its exception counts as one."""
        excepted = rule.unless is not None and self.trace(rule.unless).truth is True
        return missing(self.trace(decision_of(rule))) + excepted


def _concerned(difference: Difference, client: _Client) -> list[Rule]:
    """Return the rules of what a difference is about, the most telling of each name before any second one."""
    by_name = [_telling(name, difference.by, client) for name in difference.about]
    in_turn = (rule for turn in zip_longest(*by_name) for rule in turn if rule is not None)
    return list({rule.id: rule for rule in in_turn}.values())


def _telling(name: str, by: Verb | None, client: _Client) -> list[Rule]:
    """Return the rules that bring something about: those that hold; where none does all, the nearest to it first."""
    named = [rule for rule in client.program.rules if rule.id == name or _brings(rule, name, by)]
    holding = [rule for rule in named if client.decided[rule.id].truth is True]
    return holding or sorted(named, key=lambda rule: (client.missing(rule), client.decided[rule.id].truth is False))


def _brings(rule: Rule, target: str, by: Verb | None) -> bool:
    return rule.target == target and (by is None or rule.verb is by)


def _why(rule: Rule, case: Case, client: _Client) -> Why:
    lexicon = program_lexicon(client.program)
    steps: list[Step] = []
    parts: list[tuple[str, Condition]] = [("", rule.when)]
    parts += [("exception, ", rule.unless)] if rule.unless is not None else []
    parts += [("lifted when, ", one) for one in rule.until]
    for lead, condition in parts:
        steps += _steps(client.trace(condition), lexicon, 0, lead)
    explanation = client.advisor.explain(rule.id, case.document, as_of=case.as_of).explanation
    cited = () if explanation is None else tuple(f"{one.words}: {one.value}" for one in explanation.facts)
    return Why(rule.id, _OUTCOMES[client.decided[rule.id].truth], tuple(steps), cited)


def _steps(traced: Trace, lexicon: Lexicon, depth: int, lead: str = "") -> Iterator[Step]:
    """Yield a traced condition line by line: groups by how their parts belong together, leaves in words."""
    node = traced.node
    truth = _WORDS[traced.truth]
    match node:
        case AllOf() | AnyOf() if len(traced.parts) == 1:
            yield from _steps(traced.parts[0], lexicon, depth, lead)
        case AllOf() | AnyOf() | AtLeast():
            yield Step(depth, f"{truth}: {lead}{_joint(node)}")
            for part in traced.parts:
                yield from _steps(part, lexicon, depth + 1)
        case Not(part) if isinstance(part, (AllOf, AnyOf, AtLeast)):
            yield Step(depth, f"{truth}: {lead}none of this")
            yield from _steps(traced.parts[0], lexicon, depth + 1)
        case _:
            reason = f" ({traced.because[0].because})" if traced.because else ""
            yield Step(depth, f"{truth}: {lead}{in_words(node, lexicon)}{reason}")


def _joint(node: Condition) -> str:
    match node:
        case AllOf():
            return "all of these"
        case AtLeast(count):
            return f"at least {count} of these"
        case _:
            return "any of these"
