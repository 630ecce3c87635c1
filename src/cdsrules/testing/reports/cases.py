"""How cases came out, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from cdsrules.model.saying import say_date
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.difference import Difference
from cdsrules.testing.ran import Ran, failures
from cdsrules.testing.why import Why

MOST_CONCERNED: Final = 5
"""How many rules a report names at its end; what concerns fewer cases is read with the case."""


def case_lines(ran: Sequence[Ran], *, chosen: int, width: int) -> Iterator[Line]:
    """Yield every case that did not come out as expected, by file, and how many of those chosen were run."""
    failed = failures(ran)
    for place, one in enumerate(failed):
        if place == 0 or failed[place - 1].file != one.file:
            yield Line(one.file, Role.HEADING)
        yield from failed_lines(one, width=width)
        yield Line("")
    for one in ran:
        if one.left_alone is not None:
            yield from wrapped(f"{one.case.name}: {one.left_alone}", Role.QUIET, rest="  ", width=width)
    concerned = rules_concerned(failed)
    if concerned is not None:
        yield from wrapped(concerned, rest="  ", width=width)
        yield Line("")
    if len(ran) < chosen:
        yield Line(f"Stopped: {len(ran)} of {chosen} cases were run.", Role.URGENT)
    yield Line(summary(ran), Role.URGENT if failed else Role.STRONG)


def rules_concerned(failed: Sequence[Ran]) -> str | None:
    """Return in a sentence by which rules the differences are explained, most cases first; None for a single case."""
    if len(failed) < 2:
        return None
    told = Counter(rule for one in failed for rule in {why.rule for whys in one.whys.values() for why in whys})
    ranked = sorted(told.items(), key=lambda counted: (-counted[1], counted[0]))
    shown = [f"`{rule}` in {_count(number, 'case')}" for rule, number in ranked[:MOST_CONCERNED]]
    further = [f"and {_count(len(ranked) - MOST_CONCERNED, 'further rule')}"] if len(ranked) > MOST_CONCERNED else []
    return f"Rules behind the differences: {', '.join([*shown, *further])}." if ranked else None


def failed_lines(one: Ran, *, width: int) -> Iterator[Line]:
    """Yield a case that did not come out as expected: which it is, and everything about it."""
    case = one.case
    line = f", line {case.at.line}" if case.at else ""
    yield from wrapped(f"FAILED  {case.name}{line}", Role.URGENT, first="  ", rest="    ", width=width)
    who = f"{case.client}, {say_date(case.as_of)}: {case.story}"
    yield from wrapped(who, Role.QUIET, first="    ", rest="    ", width=width)
    yield from failure_lines(one, width=width)


def gist(one: Ran) -> str:
    """Return in a sentence what is wrong with a case that did not come out as expected: the first of it."""
    return one.problem or str(one.differences[0])


def failure_lines(one: Ran, *, width: int) -> Iterator[Line]:
    """Yield what was expected and what came, difference by difference, then why; each rule is explained once."""
    if one.problem is not None:
        yield from wrapped(one.problem, first="    - ", rest="      ", width=width)
    told: set[str] = set()
    for difference in one.differences:
        yield from wrapped(difference.what, first="    - ", rest="      ", width=width)
        yield from wrapped(f"expected: {difference.expected}", first="      ", rest="        ", width=width)
        yield from wrapped(f"got: {difference.got}", first="      ", rest="        ", width=width)
        for reason in one.whys.get(difference, ()):
            if reason.rule not in told:
                told.add(reason.rule)
                yield from _why_lines(reason, width)


def _why_lines(reason: Why, width: int) -> Iterator[Line]:
    yield from wrapped(f"why: `{reason.rule}` {reason.outcome}", first="      ", rest="        ", width=width)
    for step in reason.steps:
        indent = " " * (8 + 2 * step.depth)
        yield from wrapped(step.words, Role.QUIET, first=indent, rest=f"{indent}  ", width=width)
    if reason.facts:
        yield from wrapped(f"on record: {'; '.join(reason.facts)}", first="        ", rest="          ", width=width)


def summary(ran: Sequence[Ran]) -> str:
    """Return how many cases there were and how they came out.

    >>> summary([])
    '0 cases in 0 files, all as expected.'
    """
    failed, files = len(failures(ran)), len({one.file for one in ran})
    alone = sum(one.left_alone is not None for one in ran)
    proposed = sum(one.left_alone is not None and not one.case.is_signed for one in ran)
    counted = f"{_count(len(ran), 'case')} in {_count(files, 'file')}"
    left = f", {alone - proposed} left alone" if alone > proposed else ""
    left += f", {proposed} proposed and not reviewed" if proposed else ""
    return f"{counted}{left}, {f'{failed} not' if failed else 'all others' if alone else 'all'} as expected."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def case_document(ran: Sequence[Ran]) -> dict[str, object]:
    """Return how cases came out as JSON values."""
    failed = [
        {
            "file": one.file,
            "line": one.case.at.line if one.case.at else None,
            "case": one.case.name,
            "client": one.case.client,
            "as_of": one.case.as_of.isoformat(),
            "problem": one.problem,
            "differences": [_difference(difference, one) for difference in one.differences],
        }
        for one in failures(ran)
    ]
    alone = [{"file": one.file, "case": one.case.name, "why": one.left_alone} for one in ran if one.left_alone]
    return {"run": len(ran), "failed": failed, "left_alone": alone}


def _difference(difference: Difference, one: Ran) -> dict[str, object]:
    return {
        "what": difference.what,
        "expected": difference.expected,
        "got": difference.got,
        "why": [
            {
                "rule": reason.rule,
                "outcome": reason.outcome,
                "condition": [{"depth": step.depth, "words": step.words} for step in reason.steps],
                "facts": list(reason.facts),
            }
            for reason in one.whys.get(difference, ())
        ],
    }
