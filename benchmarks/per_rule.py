"""What one more rule costs: the core at growing sizes, per rule."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.contenders import ours
from benchmarks.made import RuleSet, chained, flat
from benchmarks.part import Goal, Part
from benchmarks.tables import duration, table, times
from benchmarks.timing import Candidate, interleaved

SIZES = (40, 100, 200, 400, 800)
DOCUMENTS = 40
UNKNOWN = 0.25


def report(rounds: int, say: Callable[[str], None]) -> Part:
    """Return the table: time per rule, and against the smallest set."""
    say("cost per rule")
    made: dict[str, RuleSet] = {}
    for size in SIZES:
        made[f"{size} flat"] = flat(size)
        made[f"{size} chained"] = chained(size)
    measured = interleaved([_candidate(name, rules) for name, rules in made.items()], rounds)
    rows: list[list[str]] = []
    growth: list[float] = []
    for shape in ("flat", "chained"):
        small = measured[f"{SIZES[0]} {shape}"]
        cells = []
        for size in SIZES:
            one = measured[f"{size} {shape}"]
            growth.append(one.against(small) * SIZES[0] / size)
            cells.append(f"{times(growth[-1])} ({duration(one.median / size)})")
        rows.append([shape, *cells])
    worst = max(growth)
    goal = Goal(
        "cost no more than linear in rules", f"per rule at most {times(worst)} of {SIZES[0]} rules", worst < 1.1
    )
    return Part(table(["per rule, at", *(f"{size} rules" for size in SIZES)], rows), (goal,))


def _candidate(name: str, rules: RuleSet) -> Candidate:
    contender = ours.reference(rules)
    documents = rules.documents(DOCUMENTS, unknown=UNKNOWN)
    return Candidate(name, contender.decide, [contender.handed(one) for one in documents])
