"""The page docs/alert-load.md: what was counted, as Markdown tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from itertools import chain

from cdsrules import Guidance, Library
from cdsrules.impact.alert_load import cautions, not_ruled_out, per_100, rules_speaking, shown, steps, undecided
from cdsrules.model.rulebook import Rule, Status, Verb
from examples.practice_db.alert_load import (
    NEW_ADVICE,
    NEW_FACTS,
    SAME,
    Year,
    asked_next,
    proposable,
    returning,
    tally,
)
from examples.practice_db.caseload import SEED, month_ends

COMMAND = "python -m examples.practice_db.alert_load --write docs/alert-load.md"


def page(years: Sequence[Year], library: Library, written: date) -> str:
    """Return the whole page."""
    parts = (
        _frame(years, library, written),
        _at_once(years),
        _said(years, library),
        _findings(years, library),
        _proposed(years, library),
        _cautioned(years, library),
        _again(years),
        _asked(years),
    )
    return "\n".join(chain.from_iterable(parts)) + "\n"


def _frame(years: Sequence[Year], library: Library, written: date) -> Iterator[str]:
    first, last = month_ends()[0], month_ends()[-1]
    evaluated = sum(one.evaluated + len(one.proposing) for one in years)
    counted, sessions = len(years[0].plain), years[0].sessions
    yield f"""\
# How much the rulebooks say

Written on {written} by `{COMMAND}`, not by hand.
Rulebooks: {", ".join(f"{book.id} {book.version}" for book in library.rulebooks)}.
Content hash: `{library.content_hash}`.
Clients: 200, made up by bhsim {version("bhsim")} with seed {SEED}; no real person among them.

Every client is looked at on the last day of each month from {first} to {last}. The data carries these twelve: before
them the practice has few clients, and after 20 May 2026 no sessions. No evaluation failed, of {evaluated:,}. Counted
are the clients who were enrolled on the day: {counted:,} looks, in months with {sessions:,} sessions held.

The practice is looked at twice:

* **as recorded**: visits, PHQ-9 and GAD-7, as they are in its database, and nothing else;
* **fully recorded**: the lists of steps taken, contacts, resources and medication are there as well, and empty; the
  clinician is supervised and cannot prescribe; risk was assessed at the start and a week after each endorsed item 9.
  Nobody ever takes a step, so this is about the most that the rules can say.

Two things are not as in life: these clients come about once a month, and nearly all endorse item 9 sooner or later."""


# Tables: a first column, then for each year one column or several


def _head(first: str, years: Sequence[Year], columns: Sequence[str] = ("",)) -> Iterator[str]:
    names = [f"{year.name}{': ' if column else ''}{column}" for year in years for column in columns]
    yield f"| {first} | {' | '.join(names)} |"
    yield f"|---|{'--:|' * len(names)}"


def _row(first: str, cells: Iterable[str]) -> str:
    return f"| {first} | {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _often(times: int, year: Year) -> Iterator[str]:
    yield f"{times:,}"
    yield f"{per_100(times, year.sessions):.1f}"


def _times(what: str, counts: Sequence[int], years: Sequence[Year]) -> str:
    return _row(what, chain.from_iterable(map(_often, counts, years)))


OFTEN = ("looks", "per 100 sessions")


def _at_once(years: Sequence[Year]) -> Iterator[str]:
    def of_looks(what: str, holds: Callable[[Guidance], bool]) -> str:
        counts = (sum(holds(look.guidance) for look in year.plain) for year in years)
        return _row(what, (_share(count, len(year.plain)) for count, year in zip(counts, years, strict=True)))

    most = " and ".join(str(max(len(steps(look.guidance)) for look in year.plain)) for year in years)
    yield "\n## How much at once\n"
    yield from _head("share of looks", years)
    yield of_looks("nothing is said", lambda one: not shown(one))
    yield of_looks("a safety item is open", lambda one: bool(one.safety))
    yield of_looks("one line: risk is not recorded", lambda one: one.risk_line is not None)
    yield of_looks("no step is shown", lambda one: not steps(one))
    yield of_looks("1 step", lambda one: len(steps(one)) == 1)
    yield of_looks("2 steps", lambda one: len(steps(one)) == 2)
    yield of_looks("3 steps", lambda one: len(steps(one)) == 3)
    yield of_looks("4 steps, the limit", lambda one: len(steps(one)) == 4)
    yield of_looks("further steps are folded away", lambda one: bool(one.folded))
    yield f"\nThe most steps shown to anyone: {most}. One first and three more is the limit; safety stands outside it."


def _said(years: Sequence[Year], library: Library) -> Iterator[str]:
    spoken = [tally(year.plain, rules_speaking) for year in years]
    open_ = [tally(year.plain, undecided) for year in years]
    yield """
## What is said

In how many looks each rule speaks, folded or not, how often that is for 100 sessions, and in what share of looks it
cannot be decided for want of records. A rule that never speaks and mostly cannot be decided says nothing of itself: the
database has no goals, ratings, flags or obstacles.
"""
    yield from _head("rule", years, (*OFTEN, "undecided"))
    for rule in _active(library):
        if rule.verb is Verb.RECOMMENDS or (rule.verb is Verb.FINDS and rule.say.clinician is not None):
            kind = "safety" if rule.tier.value == "safety" else rule.verb.value
            cells = (
                (*_often(said[rule.id], year), _share(unknown[rule.id], len(year.plain)))
                for said, unknown, year in zip(spoken, open_, years, strict=True)
            )
            yield _row(f"{rule.id} ({kind})", chain.from_iterable(cells))
    counts = [tally(year.plain, lambda one: frozenset(item.action or "" for item in steps(one))) for year in years]
    yield "\nThe actions among the steps that are shown, folded ones left out:\n"
    yield from _head("action", years, OFTEN)
    for action in library.vocabulary.actions:
        if any(count[action] for count in counts):
            yield _times(action, [count[action] for count in counts], years)


def _active(library: Library) -> Iterator[Rule]:
    return (rule for rule in library.rules if rule.status is Status.ACTIVE)


def _findings(years: Sequence[Year], library: Library) -> Iterator[str]:
    def held(*, truth: bool | None) -> list[Counter[str]]:
        def of(guidance: Guidance) -> frozenset[str]:
            return frozenset(state.finding for state in guidance.findings if state.truth is truth)

        return [tally(year.plain, of) for year in years]

    true, unknown = held(truth=True), held(truth=None)
    yield "\n## What is found\n"
    yield from _head("finding", years, ("true", "cannot be decided"))
    for finding in dict.fromkeys(rule.target for rule in _active(library) if rule.verb is Verb.FINDS):
        cells = ((yes[finding], open_[finding]) for yes, open_ in zip(true, unknown, strict=True))
        shares = ((_share(one, len(year.plain)) for one in cell) for cell, year in zip(cells, years, strict=True))
        yield _row(finding, chain.from_iterable(shares))


def _proposed(years: Sequence[Year], library: Library) -> Iterator[str]:
    def answers(guidance: Guidance) -> frozenset[str]:
        return frozenset(f"{one.action}: {one.verdict.value}" for one in guidance.proposals)

    counts = [tally(year.proposing, answers) for year in years]
    order = {action: place for place, action in enumerate(proposable(library))}
    yield "\n## If everything were proposed\n"
    yield "Every action that some rule cautions against, proposed at each look, with nothing said of the plan for it.\n"
    yield from _head("proposal: answer", years, OFTEN)
    for answer in sorted(set().union(*counts), key=lambda one: (order[one.partition(":")[0]], one)):
        yield _times(answer, [count[answer] for count in counts], years)


def _cautioned(years: Sequence[Year], library: Library) -> Iterator[str]:
    held = [tally(year.proposing, cautions) for year in years]
    open_ = [tally(year.proposing, not_ruled_out) for year in years]
    yield "\nThe cautions behind the answers, for each 100 sessions:\n"
    yield from _head("caution", years, ("holds", "cannot be ruled out"))
    for rule in _active(library):
        if rule.verb is Verb.CAUTIONS:
            yield _row(
                rule.id,
                (
                    f"{per_100(count[rule.id], year.sessions):.1f}"
                    for pair, year in zip(zip(held, open_, strict=True), years, strict=True)
                    for count in pair
                ),
            )


def _again(years: Sequence[Year]) -> Iterator[str]:
    counts = [returning(year.plain) for year in years]
    yield """
## The same again

What is shown to clients who were looked at a month before as well. An item keeps its id while it rests on the same
records, so that a host can leave out, or fold, what was seen already.
"""
    yield from _head("share of items shown", years)
    for what in (SAME, NEW_FACTS, NEW_ADVICE):
        yield _row(what, (_share(count[what], count.total()) for count in counts))
    yield _row("items", (f"{count.total():,}" for count in counts))


def _asked(years: Sequence[Year]) -> Iterator[str]:
    found = [asked_next(year.plain) for year in years]
    clients = " and ".join(str(number) for _, number in found)
    yield "\n## What to find out next\n"
    yield f"About every twentieth client on the last day ({clients}): facts asked for, of one client in ten or more.\n"
    yield from _head("asked for", years)
    total = Counter(chain.from_iterable(count.elements() for count, _ in found))
    for fact, _ in sorted(total.items(), key=lambda one: (-one[1], one[0])):
        if any(10 * count[fact] >= number for count, number in found):
            yield _row(fact, (_share(count[fact], number) for count, number in found))
