"""What only shows when all rules stand together: circles, findings nobody makes, what nothing reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from graphlib import TopologicalSorter
from typing import Final

from cdsrules.loading.citations import LOCAL
from cdsrules.loading.cycles import cycles
from cdsrules.loading.problems import Problems
from cdsrules.loading.rulebook_file import Book
from cdsrules.loading.tree import Entries
from cdsrules.model.condition import Condition, FindingTest, walk
from cdsrules.model.rulebook import Rule, Rulebook, Status, Verb

MOST_LAYERS: Final = 10


def check_findings(rules: Sequence[Rule], problems: Problems) -> bool:
    """Note findings that read each other in a circle, and findings read that no rule makes which feeds the reader.

    Tells whether findings can be followed down to facts: that there is no circle and no tower of them.
    """
    carriers: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.verb is Verb.FINDS:
            carriers.setdefault(rule.target, []).append(rule)
    kept = {name: [rule for rule in made_by if rule.status is not Status.RETIRED] for name, made_by in carriers.items()}
    finders = {name: made_by for name, made_by in kept.items() if made_by}
    reads = {finding: _read_by(made_by) for finding, made_by in finders.items()}
    circles = cycles(reads)
    for circle in circles:
        _note_circle(circle, finders, problems)
    is_tower = not circles and _is_tower(reads, finders, problems)
    for rule in rules:
        if rule.status in {Status.ACTIVE, Status.SHADOW}:
            _check_finders_active(rule, carriers, problems)
    return not circles and not is_tower


def _is_tower(reads: Mapping[str, Sequence[str]], finders: Mapping[str, Sequence[Rule]], problems: Problems) -> bool:
    """Tell whether findings stand on too many others, and note it; there are no circles among them."""
    made = {name: set(read) & reads.keys() for name, read in reads.items()}
    heights: dict[str, int] = {}
    for name in TopologicalSorter(made).static_order():
        heights[name] = 1 + max((heights[one] for one in made[name]), default=0)
        at = finders[name][0].at
        if heights[name] == MOST_LAYERS + 1 and at is not None:
            message = f"The finding `{name}` rests on findings that rest on others, more than {MOST_LAYERS} deep."
            problems.add("CDS105", at, message, "Let a finding further down read the facts themselves.")
    return max(heights.values(), default=0) > MOST_LAYERS


def _read_by(rules: Sequence[Rule]) -> list[str]:
    return [test.finding for rule in rules for test in _tests(rule)]


def _conditions(rule: Rule) -> tuple[Condition, ...]:
    return (rule.when, *(() if rule.unless is None else (rule.unless,)), *rule.until)


def _tests(rule: Rule) -> Iterator[FindingTest]:
    for condition in _conditions(rule):
        yield from (node for node in walk(condition) if isinstance(node, FindingTest) and node.finding)


def _note_circle(circle: tuple[str, ...], finders: Mapping[str, Sequence[Rule]], problems: Problems) -> None:
    first, following = circle[0], circle[1]
    readings = (test.at for rule in finders[first] for test in _tests(rule) if test.finding == following)
    at = next(place for place in readings if place is not None)
    said = " reads ".join(f"`{name}`" for name in circle)
    related = tuple(rule.at for name in circle[1:-1] for rule in finders[name] if rule.at is not None)
    message = f"Findings read each other in a circle: {said}."
    problems.add("CDS099", at, message, "Take one of these readings out.", related=related)


def _check_finders_active(rule: Rule, carriers: Mapping[str, Sequence[Rule]], problems: Problems) -> None:
    feeding = {Status.ACTIVE, rule.status}  # what is in shadow feeds what is in shadow as well, and nothing else
    for test in _tests(rule):
        made_by = carriers.get(test.finding, ())
        if not made_by or any(one.status in feeding for one in made_by) or test.at is None:
            continue
        idle = ", ".join(f"`{one.id}` is {one.status}" for one in made_by)
        message = f"No active rule finds `{test.finding}`: {idle}."
        advice = "Make a rule that finds it active, or this rule a draft."
        related = tuple(one.at for one in made_by if one.at is not None)
        problems.add("CDS048", test.at, message, advice, related=related)


def check_review(books: Sequence[tuple[Book, Rulebook]], today: date | None, problems: Problems) -> None:
    """Note rulebooks whose day of review has passed."""
    for book, rulebook in books:
        if today is not None and rulebook.review_by < today:
            message = f"This rulebook was to be reviewed by {rulebook.review_by}."
            advice = "Review it, then set a new `review_by` and `version`."
            problems.add("CDS098", book.section.value_place("review_by"), message, advice)


def check_all_read(books: Sequence[tuple[Book, Rulebook]], problems: Problems) -> None:
    """Note parameters and sources of a rulebook that nothing in it reads."""
    for book, rulebook in books:
        read = {name for rule in rulebook.rules for name in rule.parameters}
        for name, declared in book.parameters.items():
            if name not in read:
                problems.add("CDS049", declared.at, f"No rule reads the parameter `{name}`.", "Use it or delete it.")
        cited = {name for rule in rulebook.rules for name in rule.sources}
        cited |= {declared.value.source for declared in book.parameters.values()} - {LOCAL}
        node = book.section.node("sources")
        for name, entry in node.entries.items() if isinstance(node, Entries) else ():
            if name in book.sources and name not in cited:
                problems.add("CDS050", entry.key_at, f"Nothing cites the source `{name}`.", "Cite it or delete it.")
