"""Coverage for people and for programs: how much the cases have seen, and in words what they have not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from cdsrules.inference.program import Truth
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.saying import say_scalar
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.coverage import Coverage, Place, PlaceCoverage, RuleCoverage
from cdsrules.testing.reports.shares import Share, table
from cdsrules.testing.reports.wording import unsaid
from cdsrules.testing.thresholds import ParameterCoverage

Covered: TypeAlias = Mapping[str, Coverage]
"""How far the cases have seen each rulebook, by its id."""

_OUTCOMES: Final[Mapping[Truth, str]] = {
    True: "in no case it holds",
    False: "in no case it is silent",
    None: "in no case it cannot be decided",
}
_TRUTHS: Final[Mapping[Truth, str]] = {True: "true", False: "false", None: "unknown"}
_SIDES: Final = {
    True: "no client is on the side of it where a clause holds",
    False: "no client is on the side of it where a clause does not hold",
}
_PARTS: Final = {"when": "", "unless": "in its exception, ", "until": "in what lifts it, "}


def rules_seen(coverage: Coverage) -> Share:
    """Return how many rules held in some case."""
    return Share(coverage.fired, len(coverage.rules))


def truths_seen(coverage: Coverage) -> Share:
    """Return how many of the truths that places can have were seen."""
    places = [place for one in coverage.rules for place in one.places]
    return Share(sum(len(one.seen & one.possible) for one in places), sum(len(one.possible) for one in places))


def parameters_seen(coverage: Coverage) -> Share:
    """Return how many of the parameters that conditions read had clients on both sides of them."""
    read = [one for one in coverage.parameters if one.read]
    return Share(sum(not one.unseen for one in read), len(read))


def wordings_seen(coverage: Coverage) -> Share:
    """Return how many of the ways in which texts can come out were seen."""
    branches = [branch for one in coverage.rules for branch in one.wording]
    return Share(sum(branch.seen for branch in branches), len(branches))


def unseen(one: RuleCoverage, lexicon: Lexicon) -> Iterator[str]:
    """Yield what no case has seen of a rule, a clause each.

    Where the whole condition is what decides the rule, its outcomes say it already.
    """
    yield from (_OUTCOMES[truth] for truth in one.unseen)
    for covered in one.places:
        if not _is_the_rule(covered.place, one):
            yield from _unseen_at(covered, lexicon)
    yield from unsaid(one, lexicon)


def _is_the_rule(place: Place, one: RuleCoverage) -> bool:
    rule = one.rule
    return place == Place("when", rule.when) and rule.unless is None and not rule.until


def _unseen_at(covered: PlaceCoverage, lexicon: Lexicon) -> Iterator[str]:
    part, node = covered.place
    if covered.unseen:
        never = [_TRUTHS[truth] for truth in covered.unseen]
        yield f"{_PARTS[part]}never {' or '.join(never)}: “{in_words(node, lexicon)}”"


def missed_sides(one: ParameterCoverage) -> Iterator[str]:
    """Yield what no client shows of a parameter, a clause each."""
    value = f"`{one.parameter.name}`, {say_scalar(one.parameter.value)}"
    yield from (f"{value}: {_SIDES[side]}" for side in one.unseen)


def coverage_lines(covered: Covered, lexicon: Lexicon, *, width: int) -> Iterator[Line]:
    """Yield a table with a line a rulebook, and below it what no case has seen."""
    yield Line("COVERAGE", Role.HEADING)
    rows: list[tuple[str, ...]] = [("", "rules held", "truths of conditions", "parameters", "wordings")]
    rows += [_row(name, coverage) for name, coverage in covered.items()]
    if len(covered) > 1:
        rows.append(_row("together", _together(covered)))
    head, *lines = table(rows)
    yield Line(f"  {head}".rstrip(), Role.QUIET)
    yield from (Line(f"  {line}") for line in lines)
    for name, coverage in covered.items():
        yield from _unseen_lines(name, coverage, lexicon, width)


def _row(name: str, coverage: Coverage) -> tuple[str, ...]:
    rules, truths = rules_seen(coverage), truths_seen(coverage)
    parameters, wordings = parameters_seen(coverage), wordings_seen(coverage)
    return name, _of(rules), f"{truths.said} ({_of(truths)})", _of(parameters), f"{wordings.said} ({_of(wordings)})"


def _of(share: Share) -> str:
    return f"{share.part} of {share.whole}"


def _together(covered: Covered) -> Coverage:
    every = covered.values()
    return Coverage(
        tuple(rule for coverage in every for rule in coverage.rules),
        tuple(one for coverage in every for one in coverage.parameters),
    )


def _unseen_lines(name: str, coverage: Coverage, lexicon: Lexicon, width: int) -> Iterator[Line]:
    missing = [(one, told) for one in coverage.rules if (told := tuple(unseen(one, lexicon)))]
    sides = [clause for one in coverage.parameters for clause in missed_sides(one)]
    if missing or sides:
        yield Line("")
        yield Line(f"  Seen in no case of {name}", Role.STRONG)
    if sides:
        yield Line("    parameters")
    for clause in sides:
        yield from wrapped(clause, first="      - ", rest="        ", width=width)
    for one, told in missing:
        line = f", line {one.rule.at.line}" if one.rule.at else ""
        yield from wrapped(f"{one.rule.id}{line}", first="    ", rest="    ", width=width)
        for clause in told:
            yield from wrapped(clause, first="      - ", rest="        ", width=width)


def coverage_document(covered: Covered, lexicon: Lexicon) -> list[dict[str, object]]:
    """Return coverage as JSON values: a group a rulebook, with what no case has seen of its rules."""
    return [
        {
            "rulebook": name,
            "rules": _counted(rules_seen(coverage)),
            "truths": _counted(truths_seen(coverage)),
            "parameters": _counted(parameters_seen(coverage)),
            "wordings": _counted(wordings_seen(coverage)),
            "one_sided": [
                {"parameter": one.parameter.name, "words": list(missed_sides(one))}
                for one in coverage.parameters
                if one.unseen
            ],
            "unseen": [
                {"rule": one.rule.id, "words": list(told)}
                for one in coverage.rules
                if (told := tuple(unseen(one, lexicon)))
            ],
        }
        for name, coverage in covered.items()
    ]


def below(covered: Covered, percent: float) -> Iterator[str]:
    """Yield what is under a share, a clause each."""
    for name, coverage in covered.items():
        measured = {
            "rules that held": rules_seen(coverage),
            "truths of conditions seen": truths_seen(coverage),
            "parameters with clients on both sides": parameters_seen(coverage),
            "wordings seen": wordings_seen(coverage),
        }
        yield from (f"{name}, {what}: {share.said}" for what, share in measured.items() if share.percent < percent)


def _counted(share: Share) -> dict[str, object]:
    return {"seen": share.part, "of": share.whole, "percent": round(share.percent, 2)}
