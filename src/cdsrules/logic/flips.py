"""What would turn a leaf: the nearest value with which it would be the other way round.

A number is moved along its scale, a time that runs or lapses is turned by a day to come,
anything else by a record that says otherwise. Values and days are found by trying the
operator itself, so what is named does turn the leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.logic.english import singular, supposed, with_article
from cdsrules.logic.leaf_words import leaf_in_words
from cdsrules.logic.lexicon import Lexicon, counts
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import questions
from cdsrules.logic.trace import Trace
from cdsrules.logic.turning import Tested, nearest_number, next_day
from cdsrules.model.condition import (
    DateOf,
    Declined,
    Done,
    FactKey,
    FactTest,
    KnownTest,
    LatestOf,
    Leaf,
    Proposed,
    Value,
)
from cdsrules.model.facts import NEVER, Elapsed, FactSpec, FactValue, Kind, Known, Measured
from cdsrules.model.saying import say_date, say_elapsed, say_number, say_value, say_word


@frozen
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
    tested = _tested(node, leaf.value, leaf.truth, lexicon, moment)
    if tested is not None and tested.spec.kind in _BY_KIND:
        return _BY_KIND[tested.spec.kind](tested, lexicon)
    return _by_what_it_says(node, leaf.truth, lexicon)


def _tested(node: Leaf, held: Measured | None, truth: bool, lexicon: Lexicon, moment: Moment) -> Tested | None:
    """Return the one test of a known fact against literals that the leaf comes down to."""
    test, *more = questions(node)
    if not isinstance(held, Known) or not isinstance(test, FactTest) or more:
        return None
    if isinstance(test.operand, (LatestOf, DateOf)):
        return None
    spec = lexicon.catalogue[test.fact.name]
    return Tested(node, test, lexicon.operators[test.operator], spec, held.value, truth, moment)


def _said(clause: str, *, to: FactValue | None = None, on: date | None = None) -> Flip:
    return Flip(clause, f"if {clause}", to=to, on=on)


def _supposing(leaf: Leaf, lexicon: Lexicon, *, affirmed: bool) -> str:
    return supposed(leaf_in_words(leaf, lexicon, affirmed=affirmed))


def _made_known(leaf: Trace, lexicon: Lexicon) -> Flip | None:
    missing = [read.key for read in leaf.reads if not isinstance(read.measured, Known)]
    if missing:
        return _said(_were_known(missing[0], lexicon))
    return _said("the sessions were recorded") if leaf.reads else None


def _were_known(key: FactKey, lexicon: Lexicon) -> str:
    """Return that a fact were known: of a yes or no, and of what may never have happened, whether it is so."""
    spec = lexicon.catalogue[key.name]
    if spec.kind not in (Kind.YES_NO, Kind.DATE) or spec.clause is None:
        return f"{lexicon.noun(key)} were known"
    return " ".join(filter(None, ("it were known whether", lexicon.named(spec.clause), lexicon.window(key))))


def _by_what_it_says(node: Leaf, truth: bool, lexicon: Lexicon) -> Flip | None:
    """Return the leaf said the other way round, or what can still happen where it came about."""
    match node:
        case KnownTest(fact):
            return None if truth else _said(_were_known(fact, lexicon))
        case Proposed(action, ((name, wanted), *_)) if truth:
            return _said(_supposing(Proposed(action, ((name, not wanted),)), lexicon, affirmed=True))
        case (
            Done(_, _, LatestOf() | DateOf() as reference)
            | Declined(_, _, LatestOf() | DateOf() as reference)
            | FactTest(_, "after", LatestOf() | DateOf() as reference)
        ) if truth:
            return _said(_again(reference, lexicon))
        case _:
            return _said(_supposing(node, lexicon, affirmed=not truth))


def _again(reference: LatestOf | DateOf, lexicon: Lexicon) -> str:
    if isinstance(reference, DateOf):
        return f"{lexicon.moment(reference)} came later"
    action = lexicon.actions[reference.action]
    return f"{action.done if reference.event == 'done' else action.declined} again"


def _by_number(tested: Tested, lexicon: Lexicon) -> Flip | None:
    to = nearest_number(tested)
    if to is None or not isinstance(tested.value, (int, float)):
        return None
    spec, key = tested.spec, tested.test.fact
    up = to > tested.value
    beyond = ("above" if up else "below") if to not in tested.literals and not spec.step else None
    mark = _number(min(_numbers(tested), key=lambda one: abs(one - to)) if beyond else to, spec)
    noun = lexicon.noun(key)
    clause = f"{noun} {'rose' if up else 'fell'} {beyond or 'to'} {mark}"
    if counts(spec):
        unit = singular(spec.unit or "") if to == 1 else spec.unit
        point = f"{beyond or 'at'} {mark} {unit} {lexicon.window(key)}".rstrip()
    else:
        point = f"with {noun} {beyond or 'at'} {mark}"
    return Flip(clause, point, f"{_number(tested.value, spec)} now", to=to)


def _numbers(tested: Tested) -> list[float]:
    return [one for one in tested.literals if isinstance(one, (int, float))]


def _number(number: float, spec: FactSpec) -> str:
    return say_number(number) if counts(spec) else say_value(number, spec)


def _by_waiting(tested: Tested, lexicon: Lexicon) -> Flip | None:
    found = next_day(tested)
    if found is None or not isinstance(tested.value, Elapsed):
        return None
    day, length = found
    reached = tested.reached(length) == day
    noun, when = lexicon.noun(tested.test.fact), say_date(day)
    clause = f"{noun} {'reached' if reached else 'passed'} {length}, on {when}"
    point = f"on {when}, {'at' if reached else 'past'} {length}"
    return Flip(clause, point, f"{say_elapsed(tested.value)} now", on=day)


def _by_date(tested: Tested, lexicon: Lexicon) -> Flip | None:
    node, today = tested.leaf, tested.moment.as_of
    found = next_day(tested)
    if found is not None:
        return _said(f"nothing newer was recorded until {say_date(found[0])}", on=found[0])
    if isinstance(node, Declined) and tested.truth:
        name = with_article(lexicon.actions[node.action].name)
        return _said(f"the decline of {name} was taken back", to=NEVER)
    if not tested.turns(today):
        # What came about does not go away again; at most a day to come is another one.
        return None if tested.turns(NEVER) else _by_what_it_says(node, tested.truth, lexicon)
    if isinstance(node, Done) and not tested.truth:
        return _said(f"{with_article(lexicon.actions[node.action].name)} were recorded", to=today)
    return _said(_supposing(node, lexicon, affirmed=not tested.truth), to=today)


def _by_choice(tested: Tested, lexicon: Lexicon) -> Flip | None:
    turning = [choice for choice in tested.spec.choices if tested.turns(choice)]
    if not turning:
        return _by_what_it_says(tested.test, tested.truth, lexicon)
    wanted = FactTest(tested.test.fact, "one_of", tuple(Value(choice) for choice in turning))
    clause, now = _supposing(wanted, lexicon, affirmed=True), str(tested.value)
    said = tested.spec.choice_words.get(now) or say_word(now)
    return Flip(clause, f"if {clause}", f"{said} now", to=turning[0])


_BY_KIND: Final[Mapping[Kind, Callable[[Tested, Lexicon], Flip | None]]] = {
    Kind.NUMBER: _by_number,
    Kind.ELAPSED: _by_waiting,
    Kind.DATE: _by_date,
    Kind.CHOICE: _by_choice,
}
