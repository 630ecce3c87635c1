"""Why a rule came out as it did for a case: its condition clause by clause, and the facts it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.inference.program import Truth
from cdsrules.logic.trace import Trace, trace
from cdsrules.logic.truth import any_of
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Not
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.testing.cases import Case
from cdsrules.testing.difference import Difference
from cdsrules.testing.specimens import Decisions, specimens
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
    decided = specimen.decide_all(advisor.program)
    told: dict[str, Why] = {}
    found: dict[Difference, tuple[Why, ...]] = {}
    for difference in differences:
        resting = _not_run(difference, advisor)
        rules = _concerned(difference, advisor, decided)[: MOST_RULES - len(resting)]
        for rule in rules:
            if rule.id not in told:
                told[rule.id] = _why(rule, case, advisor, decided)
        found[difference] = (*resting, *(told[rule.id] for rule in rules))
    return found


def _not_run(difference: Difference, advisor: Advisor) -> tuple[Why, ...]:
    """Return of the rules that a difference names those that are not run, with the reason."""
    named = (advisor.library.by_id.get(name) for name in difference.about)
    return tuple(Why(rule.id, NOT_RUN[rule.status], (), ()) for rule in named if rule and rule.status in NOT_RUN)


def _concerned(difference: Difference, advisor: Advisor, decided: Decisions) -> list[Rule]:
    """Return the rules of what a difference is about; where several bring it about those that hold, or that might."""
    found: dict[str, Rule] = {}
    for name in difference.about:
        named = [rule for rule in advisor.program.rules if rule.id == name or _brings(rule, name, difference.by)]
        holding = [rule for rule in named if decided[rule.id].truth is True]
        undecided = [rule for rule in named if decided[rule.id].truth is None]
        found.update({rule.id: rule for rule in holding or undecided or named})
    return list(found.values())


def _brings(rule: Rule, target: str, by: Verb | None) -> bool:
    return rule.target == target and (by is None or rule.verb is by)


def _why(rule: Rule, case: Case, advisor: Advisor, decided: Decisions) -> Why:
    program = advisor.program
    facts = advisor.facts(case.document, as_of=case.as_of)
    findings = {
        name: any_of(decided[one.id].truth for one in program.carriers.get(name, ())) for name in program.findings
    }
    lexicon = program_lexicon(program)
    steps: list[Step] = []
    parts: list[tuple[str, Condition]] = [("", rule.when)]
    parts += [("exception, ", rule.unless)] if rule.unless is not None else []
    parts += [("lifted when, ", one) for one in rule.until]
    for lead, condition in parts:
        steps += _steps(trace(condition, facts, findings, facts.moment), lexicon, 0, lead)
    explanation = advisor.explain(rule.id, case.document, as_of=case.as_of).explanation
    cited = () if explanation is None else tuple(f"{one.words}: {one.value}" for one in explanation.facts)
    return Why(rule.id, _OUTCOMES[decided[rule.id].truth], tuple(steps), cited)


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
