"""How much the rulebooks say to a whole practice: the page docs/alert-load.md.

    python -m examples.practice_db.alert_load                              prints it
    python -m examples.practice_db.alert_load --write docs/alert-load.md   writes it

The same rules and the same bhsim give the same page, but for the day it was written on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from cdsrules import Advisor, Guidance, Library
from cdsrules.impact.alert_load import shown
from cdsrules.model.rulebook import Status, Verb
from examples.practice_db.caseload import Look, Practice, as_recorded, fully_recorded, looks, made_up, month_ends

ASKED_EVERY = 20
"""What to find out next takes most of the time, so it is looked at for every twentieth client, on the last day."""


@dataclass(frozen=True, slots=True)
class Year:
    """What is said of a practice on month ends.

    `plain` are the looks at clients in treatment, `proposing` the same with everything
    proposed that a rule cautions against; `evaluated` counts the looks at all clients,
    discharged or not.
    """

    name: str
    plain: tuple[Look, ...]
    proposing: tuple[Look, ...]
    evaluated: int
    sessions: int


def year(name: str, advisor: Advisor, practice: Practice) -> Year:
    """Return the year of a practice up to the last month end."""
    days = month_ends()
    everybody = tuple(looks(advisor, practice, days))
    there = {day: practice.in_treatment(day) for day in days}
    return Year(
        name,
        tuple(look for look in everybody if look.client in there[look.day]),
        tuple(looks(advisor, practice, days, proposing=proposable(advisor.library), only=there)),
        len(everybody),
        practice.sessions(days[0].replace(day=1), days[-1]),
    )


def both_years(advisor: Advisor, practice: Practice) -> tuple[Year, Year]:
    """Return the year as the database has it, and with what the database lacks recorded as empty."""
    return (
        year("as recorded", advisor, practice),
        year("fully recorded", advisor, fully_recorded(practice)),
    )


def proposable(library: Library) -> tuple[str, ...]:
    """Return the actions that some rule cautions against, in the order of the vocabulary."""
    targets = {rule.target for rule in library.rules if rule.verb is Verb.CAUTIONS and rule.status is Status.ACTIVE}
    return tuple(action for action in library.vocabulary.actions if action in targets)


# What a year holds


def tally(all_looks: Sequence[Look], of: Callable[[Guidance], frozenset[str]]) -> Counter[str]:
    """Return in how many looks each thing is."""
    return Counter(chain.from_iterable(of(look.guidance) for look in all_looks))


def returning(all_looks: Sequence[Look]) -> Counter[str]:
    """Return of the items shown to clients who were looked at a month before how many are the same, by their id."""
    return Counter(_returning(all_looks))


SAME, NEW_FACTS, NEW_ADVICE = "the same item", "the same advice, new facts", "new advice"


def _returning(all_looks: Sequence[Look]) -> Iterator[str]:
    places = {day: place for place, day in enumerate(month_ends())}
    at = {(look.client, places[look.day]): shown(look.guidance) for look in all_looks}
    for (client, place), items in at.items():
        before = at.get((client, place - 1))
        if before is not None:
            ids, rules = {item.id for item in before}, {item.rule.id for item in before}
            yield from (SAME if one.id in ids else NEW_FACTS if one.rule.id in rules else NEW_ADVICE for one in items)


def asked_next(all_looks: Sequence[Look]) -> tuple[Counter[str], int]:
    """Return which facts are to be found out next, about how many of some clients, and how many those are."""
    some = [look for look in all_looks if look.day == month_ends()[-1]][::ASKED_EVERY]
    return tally(some, _asked), len(some)


def _asked(guidance: Guidance) -> frozenset[str]:
    facts = (fact for question in guidance.ask_next.questions for fact in question.facts)
    return frozenset("the list of actions" if fact.startswith("action.") else fact for fact in facts)


def made(written: date) -> str:
    """Return the page, made anew from the shipped rules."""
    from examples.practice_db.alert_page import page

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "practice.db"
        made_up(database)
        practice = as_recorded(database)
        with closing(practice.database), Advisor.load(plugins=[], engine="reference") as advisor:
            return page(both_years(advisor, practice), advisor.library, written)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(prog="alert_load", description="How much the rulebooks say to a whole practice.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page into this file")
    target: Path | None = parser.parse_args(arguments).write
    text = made(date.today())  # noqa: DTZ011 - the day on the page
    if target is None:
        print(text, end="")
    else:
        target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
