"""What would turn a leaf: the nearest value with which it would be the other way round.

A number is moved along its scale, a time that runs or lapses is turned by a day to come,
anything else by a record that says otherwise. Values and days are found by trying the
operator itself, so what is named does turn the leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cdsrules.logic.english import singular, with_article
from cdsrules.logic.leaf_words import leaf_in_words
from cdsrules.logic.lexicon import Lexicon, counts
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import questions
from cdsrules.logic.trace import Trace
from cdsrules.logic.turning import Tested, nearest_number, next_day
from cdsrules.model.condition import (
    DateOf,
    Done,
    FactTest,
    LatestOf,
    Leaf,
    Value,
)
from cdsrules.model.facts import Elapsed, FactValue, Kind, Known
from cdsrules.model.saying import say_date, say_value


@dataclass(frozen=True, slots=True)
class Flip:
    """What would turn a leaf, in words and as a value.

    `clause` follows "would clear if" or "would fire if", `point` follows "would clear" or
    "would fire", `now` says how it stands. `to` is the value that turns the leaf, where
    there is one to name; `on` is the day on which time alone brings it.
    """

    clause: str
    point: str
    now: str | None = None
    to: FactValue | None = None
    on: date | None = None

    def __str__(self) -> str:
        """Return it as an explanation prints it: "at 2 no-shows in the last 60 days; 1 now"."""
        return self.point if self.now is None else f"{self.point}; {self.now}"


def flip(leaf: Trace, lexicon: Lexicon, moment: Moment) -> Flip | None:
    """Return what would turn the leaf; None where nothing can, as when a time ran too long.

    A leaf that is unknown is turned by making its facts known.
    """
    node = leaf.node
    if not isinstance(node, Leaf):
        raise TypeError("only a leaf has something that turns it")
    if leaf.truth is None:
        return _made_known(leaf, lexicon)
    tested = _tested(node, leaf, lexicon, moment)
    by_kind = None if tested is None else _BY_KIND.get(tested.spec.kind)
    if tested is None or by_kind is None:
        return _otherwise(node, leaf.truth, lexicon)
    return by_kind(tested, lexicon)


def _tested(node: Leaf, leaf: Trace, lexicon: Lexicon, moment: Moment) -> Tested | None:
    """Return the one test of a known fact against literals that the leaf comes down to."""
    test, *more = questions(node)
    if more or not isinstance(test, FactTest) or isinstance(test.operand, (LatestOf, DateOf)):
        return None
    if not isinstance(leaf.value, Known) or leaf.truth is None:
        return None
    spec = lexicon.catalogue[test.fact.name]
    return Tested(node, test, lexicon.operators[test.operator], spec, leaf.value.value, leaf.truth, moment)


def _said(clause: str, *, to: FactValue | None = None, on: date | None = None) -> Flip:
    return Flip(clause, f"if {clause}", to=to, on=on)


def _made_known(leaf: Trace, lexicon: Lexicon) -> Flip | None:
    missing = [read.key for read in leaf.reads if not isinstance(read.measured, Known)]
    if missing:
        return _said(f"{lexicon.noun(missing[0])} were known")
    return _said("the sessions were recorded") if leaf.reads else None


def _otherwise(node: Leaf, truth: bool, lexicon: Lexicon) -> Flip:
    return _said(leaf_in_words(node, lexicon, affirmed=not truth))


def _now(tested: Tested) -> str:
    return f"{say_value(tested.value, tested.spec)} now"


def _by_number(tested: Tested, lexicon: Lexicon) -> Flip | None:
    to = nearest_number(tested)
    if to is None or not isinstance(tested.value, (int, float)):
        return None
    spec, key = tested.spec, tested.test.fact
    up = to > tested.value
    mark, beyond = _mark(to, tested, up=up)
    noun = lexicon.noun(key)
    clause = f"{noun} {'rose' if up else 'fell'} {beyond or 'to'} {mark}"
    if counts(spec):
        unit = singular(spec.unit or "") if to == 1 else spec.unit
        point = f"{beyond or 'at'} {mark} {unit} {lexicon.window(key)}".rstrip()
    else:
        point = f"with {noun} {beyond or 'at'} {mark}"
    return Flip(clause, point, f"{say_value(tested.value, spec)} now", to=to)


def _mark(to: float, tested: Tested, *, up: bool) -> tuple[str, str | None]:
    """Return the number to name, and "above" or "below" where its neighbour is meant."""
    marks = [one for one in tested.literals if isinstance(one, (int, float))]
    if tested.spec.step or to in marks:
        return say_value(to, tested.spec), None
    nearest = min(marks, key=lambda one: abs(one - to))
    return say_value(nearest, tested.spec), "above" if up else "below"


def _by_waiting(tested: Tested, lexicon: Lexicon) -> Flip | None:
    found = next_day(tested)
    if found is None or not isinstance(tested.value, Elapsed):
        return None
    day, length = found
    reached = tested.reached(length) == day
    noun, when = lexicon.noun(tested.test.fact), say_date(day)
    clause = f"{noun} {'reached' if reached else 'passed'} {length}, on {when}"
    return Flip(clause, f"on {when}, {'at' if reached else 'past'} {length}", _now(tested), on=day)


def _by_date(tested: Tested, lexicon: Lexicon) -> Flip:
    node = tested.leaf
    found = next_day(tested)
    if found is not None:
        return _said(f"nothing newer were recorded until {say_date(found[0])}", on=found[0])
    today = tested.moment.as_of
    to = today if tested.turns(today) else None
    if isinstance(node, Done) and not tested.truth:
        return _said(f"{with_article(lexicon.actions[node.action].name)} were recorded", to=to)
    return _said(leaf_in_words(node, lexicon, affirmed=not tested.truth), to=to)


def _by_choice(tested: Tested, lexicon: Lexicon) -> Flip | None:
    turning = [choice for choice in tested.spec.choices if tested.turns(choice)]
    if not turning:
        return _otherwise(tested.test, tested.truth, lexicon)
    wanted = FactTest(tested.test.fact, "one_of", tuple(Value(choice) for choice in turning))
    clause = leaf_in_words(wanted, lexicon)
    return Flip(clause, f"if {clause}", _now(tested), to=turning[0])


_BY_KIND: Final[Mapping[Kind, Callable[[Tested, Lexicon], Flip | None]]] = {
    Kind.NUMBER: _by_number,
    Kind.ELAPSED: _by_waiting,
    Kind.DATE: _by_date,
    Kind.CHOICE: _by_choice,
}
