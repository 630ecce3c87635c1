"""The facts of one client as of one day, each measured when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cdsrules.errors import UnknownName
from cdsrules.measures.notices import notices

if TYPE_CHECKING:
    from cdsrules.diagnostics import Diagnostic
    from cdsrules.logic.moment import Moment
    from cdsrules.measures.declare import Fact
    from cdsrules.measures.history import History
    from cdsrules.model.client import Client
    from cdsrules.model.condition import FactKey
    from cdsrules.model.facts import Measured


class MeasuredFacts:
    """What is known about a client on a day, and what is not and why."""

    __slots__ = ("_facts", "_history", "_measured")

    def __init__(self, facts: Mapping[str, Fact], history: History) -> None:
        self._facts = facts
        self._history = history
        self._measured: dict[FactKey, Measured] = {}

    def get(self, key: FactKey) -> Measured:
        """Return a fact, measured now or earlier.

        Raises:
            UnknownName: no fact bears the name, or it is not taken over a window, or only over one.
        """
        found = self._measured.get(key)
        if found is None:
            found = self._measured[key] = self._measure(key)
        return found

    def _measure(self, key: FactKey) -> Measured:
        name, over = key
        declared = self._facts.get(name)
        if declared is None:
            raise UnknownName(f"There is no fact named {name}.")  # noqa: EM102 - the name is the message
        if over is None and declared.measure is not None:
            return declared.measure(self._history)
        if over is not None and declared.over is not None:
            return declared.over(self._history, over)
        how = "is taken over a window only" if over is None else "is not taken over a window"
        raise UnknownName(f"The fact {name} {how}.")  # noqa: EM102 - the name is the message

    @property
    def client(self) -> Client:
        """Whose facts these are."""
        return self._history.client

    @property
    def moment(self) -> Moment:
        """The day, and the attended sessions that windows count in."""
        return self._history.moment

    @property
    def notices(self) -> tuple[Diagnostic, ...]:
        """What was left out because it is dated later than the day."""
        return notices(self._history.client, self._history.as_of)
