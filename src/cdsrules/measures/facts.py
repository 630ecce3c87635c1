"""The facts of one client as of one day, each measured when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from cdsrules.errors import UnknownName
from cdsrules.measures.notices import notices
from cdsrules.model.facts import as_measured

if TYPE_CHECKING:
    from cdsrules.diagnostics import Diagnostic
    from cdsrules.logic.moment import Moment
    from cdsrules.measures.declare import Fact, Measure
    from cdsrules.measures.history import History
    from cdsrules.model.client import Client
    from cdsrules.model.condition import FactKey
    from cdsrules.model.facts import Measured


NONE_AT_HAND: Final[Mapping[FactKey, Measure]] = MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Usual:
    """What facts are for every record that has, and has not, the same (`unmentioned.py`); equal to itself alone.

    `plain` are their values as conditions read them, by the place of the slot. `measured` are those, by key, of which
    nothing is known, or that never were, or are not proposed: the same on whatever day, with no record to show.
    """

    plain: Mapping[int, object]
    measured: Mapping[FactKey, Measured]


class UsualFor(NamedTuple):
    """What is as usual for a client: all but what the record, or the proposals, name."""

    usual: Usual
    named: tuple[FactKey, ...]


NOTHING_USUAL: Final = UsualFor(Usual({}, {}), ())


class MeasuredFacts:
    """What is known about a client on a day, and what is not and why.

    `get` returns a fact by its key, measured now or earlier. It raises `UnknownName` when no
    fact bears the name, or it is not taken over a window, or only over one.
    """

    __slots__ = ("get", "history", "usual")

    get: Callable[[FactKey], Measured]

    def __init__(
        self,
        facts: Mapping[str, Fact],
        history: History,
        measures: Mapping[FactKey, Measure] = NONE_AT_HAND,
        usual: UsualFor = NOTHING_USUAL,
    ) -> None:
        """Begin with what is as usual; `measures` are functions of facts that are at hand already."""
        self.history = history
        self.usual = usual
        # Most facts are asked for once measured: then this is a look into a dictionary, and no function of ours runs.
        self.get = _Measuring(facts, history, measures, usual).__getitem__

    @property
    def client(self) -> Client:
        """Whose facts these are."""
        return self.history.client

    @property
    def proposed(self) -> Collection[str]:
        """The actions that the clinician is about to take."""
        return self.history.client.proposals.keys()

    @property
    def moment(self) -> Moment:
        """The day, and the attended sessions that windows count in."""
        return self.history.moment

    @property
    def notices(self) -> tuple[Diagnostic, ...]:
        """What was left out because it is dated later than the day."""
        return notices(self.history)


class _Measuring(dict["FactKey", "Measured"]):
    """Facts by key; one that is not there yet is measured."""

    __slots__ = ("_facts", "_history", "_measures")

    def __init__(
        self, facts: Mapping[str, Fact], history: History, measures: Mapping[FactKey, Measure], usual: UsualFor
    ) -> None:
        super().__init__(usual.usual.measured)
        for key in usual.named:
            self.pop(key, None)
        self._facts = facts
        self._history = history
        self._measures = measures

    def __missing__(self, key: FactKey) -> Measured:
        measure = self._measures.get(key) or measure_of(self._facts, key)
        found = self[key] = as_measured(measure(self._history))
        return found


def measure_of(facts: Mapping[str, Fact], key: FactKey) -> Measure:
    """Return the function that measures a fact. Raises `UnknownName` as `MeasuredFacts.get` does."""
    name, over = key
    declared = facts.get(name)
    if declared is None:
        message = f"There is no fact named {name}."
        raise UnknownName(message)
    if over is None and declared.measure is not None:
        return declared.measure
    if over is not None and (measure_over := declared.over) is not None:
        return lambda history: measure_over(history, over)
    how = "is taken over a window only" if over is None else "is not taken over a window"
    message = f"The fact {name} {how}."
    raise UnknownName(message)
