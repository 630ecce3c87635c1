"""Coverage for people and for programs: how much the cases have seen, and in words what they have not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from cdsrules.inference.program import Truth
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.coverage import Coverage, Place, PlaceCoverage, RuleCoverage
from cdsrules.testing.reports.shares import Share, table

Covered: TypeAlias = Mapping[str, Coverage]
"""How far the cases have seen each rulebook, by its id."""

_OUTCOMES: Final[Mapping[Truth, str]] = {
    True: "in no case it holds",
    False: "in no case it is silent",
    None: "in no case it cannot be decided",
}
_TRUTHS: Final[Mapping[Truth, str]] = {True: "true", False: "false", None: "unknown"}
_PARTS: Final = {"when": "", "unless": "in its exception, ", "until": "in what lifts it, "}


def rules_seen(coverage: Coverage) -> Share:
    """Return how many rules held in some case."""
    return Share(coverage.fired, len(coverage.rules))


def truths_seen(coverage: Coverage) -> Share:
    """Return how many of the truths that places can have were seen."""
    places = [place for one in coverage.rules for place in one.places]
    return Share(sum(len(one.seen & one.possible) for one in places), sum(len(one.possible) for one in places))


def unseen(one: RuleCoverage, lexicon: Lexicon) -> Iterator[str]:
    """Yield what no case has seen of a rule, a clause each.

    Where the whole condition is what decides the rule, its outcomes say it already.
    """
    yield from (_OUTCOMES[truth] for truth in one.unseen)
    for covered in one.places:
        if not _is_the_rule(covered.place, one):
            yield from _unseen_at(covered, lexicon)


def _is_the_rule(place: Place, one: RuleCoverage) -> bool:
    rule = one.rule
    return place == Place("when", rule.when) and rule.unless is None and not rule.until


def _unseen_at(covered: PlaceCoverage, lexicon: Lexicon) -> Iterator[str]:
    part, node = covered.place
    if covered.unseen:
        never = [_TRUTHS[truth] for truth in covered.unseen]
        yield f"{_PARTS[part]}never {' or '.join(never)}: “{in_words(node, lexicon)}”"


def coverage_lines(covered: Covered, lexicon: Lexicon, *, width: int) -> Iterator[Line]:
    """Yield a table with a line a rulebook, and below it what no case has seen."""
    yield Line("COVERAGE", Role.HEADING)
    rows = [("", "rules that held", "truths of conditions seen")]
    rows += [_row(name, coverage) for name, coverage in covered.items()]
    if len(covered) > 1:
        rows.append(_row("together", _together(covered)))
    head, *lines = table(rows)
    yield Line(f"  {head}".rstrip(), Role.QUIET)
    yield from (Line(f"  {line}") for line in lines)
    for name, coverage in covered.items():
        yield from _unseen_lines(name, coverage, lexicon, width)


def _row(name: str, coverage: Coverage) -> tuple[str, str, str]:
    rules, truths = rules_seen(coverage), truths_seen(coverage)
    return name, f"{rules.part} of {rules.whole}", f"{truths.said} ({truths.part} of {truths.whole})"


def _together(covered: Covered) -> Coverage:
    return Coverage(tuple(rule for coverage in covered.values() for rule in coverage.rules))


def _unseen_lines(name: str, coverage: Coverage, lexicon: Lexicon, width: int) -> Iterator[Line]:
    missing = [(one, told) for one in coverage.rules if (told := tuple(unseen(one, lexicon)))]
    if missing:
        yield Line("")
        yield Line(f"  Seen in no case of {name}", Role.STRONG)
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
        measured = {"rules that held": rules_seen(coverage), "truths of conditions seen": truths_seen(coverage)}
        yield from (f"{name}, {what}: {share.said}" for what, share in measured.items() if share.percent < percent)


def _counted(share: Share) -> dict[str, object]:
    return {"seen": share.part, "of": share.whole, "percent": round(share.percent, 2)}
