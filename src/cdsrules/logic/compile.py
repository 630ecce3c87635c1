"""The compiled evaluator: conditions as one Python function a layer, for speed.

Facts enter as plain values (`cdsrules.logic.values`) on which every leaf is a comparison
or two, once on the rail for true and once on the rail for false; not knowing makes both
false. The functions are built as syntax trees: what a rule file says reaches them as
constants alone, and they can call nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from cdsrules.frozen import frozen
from cdsrules.logic.encoding import Encoder, Slot, Source, encoder
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Cutoff, Operator
from cdsrules.logic.reading import Facts
from cdsrules.logic.telling import Telling
from cdsrules.logic.weaving import Asked, Decider, Loom
from cdsrules.model.condition import FactKey, Leaf
from cdsrules.model.facts import FactCatalogue, Measurement

_DAYS_KEPT = 64


@frozen
class Plan:
    """Conditions made ready to be decided for any client on any day.

    `encode` or an `OnDemand` over `sources`, and `cutoffs`, are called once an evaluation; then each decider
    of `deciders`, one a layer, turns them and the truths that carry findings into the
    truths of its conditions.
    """

    slots: tuple[FactKey, ...]
    deciders: tuple[Decider, ...]
    _slots: tuple[Slot, ...]
    _encoder: Callable[[], Encoder]
    _of_the_day: Callable[[date], tuple[object, ...]]
    _of_the_client: tuple[Cutoff, ...]
    _telling: Callable[[Sequence[Leaf]], Telling]

    def encode(self, facts: Facts) -> list[object]:
        """Return the plain values of all facts that the conditions read.

        Raises TypeError when a fact was measured as something that it is not declared.
        """
        try:
            return self._encoder()(map(facts.get, self.slots))
        except TypeError:
            self._tell_misfit(facts)
            raise

    def _tell_misfit(self, facts: Facts) -> None:
        for slot in self._slots:
            slot.value(facts.get(slot.key))

    def sources(self, measures: Sequence[Callable[..., Measurement]]) -> tuple[Source, ...]:
        """Return where `OnDemand` takes the facts of `slots` from; `measures` measure them, in that order."""
        return tuple(
            (measure, slot.already, slot.plain, slot.unknown, slot.key)
            for measure, slot in zip(measures, self._slots, strict=True)
        )

    def plain(self, place: int, measured: Measurement) -> object:
        """Return the plain value that conditions read at a place when this was measured.

        Raises TypeError when it is something that the fact is not declared to be.
        """
        return self._slots[place].value(measured)

    def telling(self, leaves: Sequence[Leaf]) -> Telling:
        """Return leaves of the conditions made ready to be told about from the same values and cut-offs."""
        return self._telling(leaves)

    def cutoffs(self, moment: Moment) -> Sequence[object]:
        """Return what the comparisons with times need on that day."""
        shared = self._of_the_day(moment.as_of)
        if not self._of_the_client:
            return shared
        return (*shared, *(one.find(moment, one.length) for one in self._of_the_client))


def plan(
    layers: Sequence[Sequence[Asked]],
    catalogue: FactCatalogue,
    findings: Mapping[str, Sequence[int]] = MappingProxyType({}),
    operators: Mapping[str, Operator] = OPERATORS,
) -> Plan:
    """Return the conditions compiled, one function a layer.

    `findings` says of each where the truths that carry it stand among those handed to the
    deciders: it is true if one of them is, false if all are. The conditions must have
    passed the type check; raises KeyError for a name that the catalogue, the findings or
    the operators do not hold.

    >>> from cdsrules.model.condition import FactTest, Value
    >>> from cdsrules.model.facts import FactSpec, Kind
    >>> score = FactSpec("score", Kind.NUMBER, "the score", "", "", "")
    >>> high = FactTest(FactKey("score"), "at_least", Value(10))
    >>> decide = plan([[high]], {"score": score}).deciders[0]
    >>> decide([12], [], []), decide([9], [], []), decide([float("nan")], [], [])
    ((True,), (False,), (None,))
    """
    loom = Loom(catalogue, findings, operators)
    woven = [loom.weave(conditions) for conditions in layers]
    shared = tuple(one for one in loom.cutoffs if one.length.is_calendar)
    of_the_client = tuple(one for one in loom.cutoffs if not one.length.is_calendar)
    places = {one: place for place, one in enumerate((*shared, *of_the_client))}
    order = [places[one] for one in loom.cutoffs]

    @lru_cache(maxsize=_DAYS_KEPT)
    def of_the_day(as_of: date) -> tuple[object, ...]:
        moment = Moment(as_of)
        return tuple(one.find(moment, one.length) for one in shared)

    return Plan(
        slots=tuple(slot.key for slot in loom.slots),
        deciders=tuple(layer.function(order) for layer in woven),
        _slots=tuple(loom.slots),
        _encoder=cache(lambda: encoder(tuple(loom.slots))),  # what is only evaluated once is measured on demand
        _of_the_day=of_the_day,
        _of_the_client=of_the_client,
        _telling=lambda leaves: Telling(leaves, catalogue, loom.slots, places, operators),
    )
