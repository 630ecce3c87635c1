"""The decision core against its peers: same rules, same documents, same answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks.contenders import cel_expr, clips, hand, ours, raw_durable, zen_engine
from benchmarks.contenders.contender import Contender, assert_alike
from benchmarks.made import RuleSet, chained, flat
from benchmarks.part import Goal, Part
from benchmarks.tables import duration, table, times
from benchmarks.timing import Candidate, Times, interleaved

SIZES = (40, 400)
DOCUMENTS = 60
UNKNOWN = 0.25
OURS = "cdsrules"
LIMIT = "Python by hand, three-valued"
PEERS = (
    "zen-engine, compiled expressions",
    "cel-expr-python, a list a layer",
    "clipspy",
    "cel-expr-python, an expression a rule",
    "zen-engine, decision graph",
    "durable-rules alone",
)
ROWS = (OURS, LIMIT, "Python by hand, two-valued", *PEERS, "cdsrules, durable-rules verified")


@dataclass(frozen=True)
class Setting:
    """A set of rules and how much of the documents is unknown."""

    title: str
    rules: RuleSet
    unknown: float

    def contenders(self) -> tuple[Contender[Any, Any], ...]:
        """Return everyone who can decide these documents; ours first."""
        unknowns = self.unknown > 0
        made: tuple[Contender[Any, Any], ...] = (
            ours.reference(self.rules),
            hand.three_valued(self.rules),
            zen_engine.expression(self.rules, unknowns=unknowns),
            cel_expr.lists(self.rules, unknowns=unknowns),
            clips.rules_over_a_client(self.rules, unknowns=unknowns),
            cel_expr.expressions(self.rules),
            zen_engine.graph(self.rules, unknowns=unknowns),
            ours.durable(self.rules),
        )
        if unknowns:
            return made
        return (*made, hand.two_valued(self.rules), raw_durable.wide_facts(self.rules))


def settings(unknown: float) -> Iterator[Setting]:
    """Yield the columns of a table."""
    for size in SIZES:
        yield Setting(f"{size} flat", flat(size), unknown)
        yield Setting(f"{size} chained", chained(size), unknown)


def measured(setting: Setting, rounds: int) -> dict[str, Times]:
    """Return what every contender took, once all have answered alike."""
    documents = setting.rules.documents(DOCUMENTS, unknown=setting.unknown)
    with ExitStack() as held:
        contenders = setting.contenders()
        for one in contenders:
            held.callback(one.close)
        assert_alike(contenders, documents)
        candidates = [Candidate(one.name, one.decide, [one.handed(each) for each in documents]) for one in contenders]
        return dict(interleaved(candidates, rounds))


def report(rounds: int, say: Callable[[str], None]) -> Part:
    """Return the tables of the core, and how near the nearest peer and the limit are."""
    parts: list[str] = []
    cells: list[dict[str, Times]] = []
    for unknown, title in ((0.0, "Everything known"), (UNKNOWN, f"{UNKNOWN:.0%} of the facts unknown")):
        columns: dict[str, dict[str, Times]] = {}
        for setting in settings(unknown):
            say(f"{title.lower()}: {setting.title} rules")
            columns[setting.title] = measured(setting, rounds)
        parts.append(f"**{title}**\n\n{_table(columns)}")
        cells += columns.values()
    return Part("\n\n".join(parts), (_nearest_peer(cells), _limit(cells)))


def _nearest_peer(cells: list[dict[str, Times]]) -> Goal:
    nearest = min(cell[peer].against(cell[OURS]) for cell in cells for peer in PEERS if peer in cell)
    return Goal("the core faster than every peer, everywhere", f"the nearest takes {times(nearest)}", nearest > 1)


def _limit(cells: list[dict[str, Times]]) -> Goal:
    farthest = max(cell[OURS].against(cell[LIMIT]) for cell in cells)
    return Goal("the core within 3x of the limit, everywhere", f"at most {times(farthest)}", farthest <= 3)


def _table(columns: dict[str, dict[str, Times]]) -> str:
    present = [row for row in ROWS if all(row in column for column in columns.values())]
    rows = [[row, *(_cell(column[row], column[OURS]) for column in columns.values())] for row in present]
    return table(["rules", *columns], rows)


def _cell(one: Times, ours_took: Times) -> str:
    return f"{times(one.against(ours_took))} ({duration(one.median)})"
