"""Every fact there is for a vocabulary: declared, and measured as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from cdsrules.measures import (
    actions,
    alliance,
    attendance,
    engagement,
    evidence,
    goals,
    medication,
    outcome,
    people,
    prescribing,
    risk,
    risk_items,
    treatment,
)
from cdsrules.measures.declare import Fact
from cdsrules.measures.facts import MeasuredFacts, measure_of
from cdsrules.measures.history import History
from cdsrules.measures.instruments import of_instrument, of_primary
from cdsrules.measures.unmentioned import Unmentioned
from cdsrules.model.facts import FactCatalogue

if TYPE_CHECKING:
    from cdsrules.logic.compile import Plan
    from cdsrules.logic.encoding import OnDemand
    from cdsrules.model.client import Client
    from cdsrules.model.rulebook import Library
    from cdsrules.model.vocabulary import Vocabulary

_SUBJECTS = (
    people.FACTS,
    treatment.FACTS,
    outcome.FACTS,
    attendance.FACTS,
    alliance.FACTS,
    goals.FACTS,
    engagement.FACTS,
    actions.FACTS,
    medication.FACTS,
    prescribing.FACTS,
    risk.FACTS,
    risk_items.FACTS,
    evidence.FACTS,
)


def own_facts(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return every fact that cdsrules itself declares for a vocabulary."""
    return (
        *(one for facts in _SUBJECTS for one in facts),
        *of_primary(vocabulary),
        *(one for instrument in vocabulary.instruments.values() for one in of_instrument(instrument)),
        *(one for action in vocabulary.actions.values() for one in actions.of_action(action)),
    )


class Measures:
    """Every fact of a vocabulary with the function that measures it; built once, used for all clients.

    `facts` are those of cdsrules itself where they are not given.
    """

    def __init__(self, vocabulary: Vocabulary, facts: Iterable[Fact] | None = None) -> None:
        self.vocabulary = vocabulary
        every = own_facts(vocabulary) if facts is None else facts
        self._facts: Mapping[str, Fact] = {one.spec.name: one for one in every}
        self.catalogue: FactCatalogue = {name: one.spec for name, one in self._facts.items()}

    def beside(self, further: Iterable[Fact]) -> Measures:
        """Return the same facts and further ones."""
        return Measures(self.vocabulary, (*self._facts.values(), *further))

    def asked(self, plan: Plan) -> Survey:
        """Return the same facts made ready for a plan, whose conditions ask for some of them of every client."""
        return Survey(self.vocabulary, self._facts, plan)

    def of(self, client: Client, as_of: date) -> MeasuredFacts:
        """Return the facts of a client as of a day; each is measured when it is first asked for."""
        return MeasuredFacts(self._facts, History(client, self.vocabulary, as_of))


class Survey:
    """Every fact of a vocabulary, with an eye on those that a plan asks for of every client."""

    def __init__(self, vocabulary: Vocabulary, facts: Mapping[str, Fact], plan: Plan) -> None:
        self._vocabulary = vocabulary
        self._facts = facts
        self._asked = {key: measure_of(facts, key) for key in plan.slots}
        sources = plan.sources([self._asked[key] for key in plan.slots])
        self._unmentioned = Unmentioned(vocabulary, plan, sources)

    def of(self, client: Client, as_of: date) -> MeasuredFacts:
        """Return the facts of a client as of a day; each is measured when it is first asked for."""
        history = History(client, self._vocabulary, as_of)
        return MeasuredFacts(self._facts, history, self._asked, self._unmentioned.usual(history))

    def values(self, facts: MeasuredFacts) -> OnDemand:
        """Return the plain values that the plan's conditions read of a client, each measured when it is first read."""
        return self._unmentioned.values(facts.history, facts.usual.usual)


def catalogue(vocabulary: Vocabulary) -> FactCatalogue:
    """Return the declaration of every fact by its name."""
    return Measures(vocabulary).catalogue


def facts_of(library: Library) -> FactCatalogue:
    """Return the declaration of every fact that the rules of a library may ask about, by its name."""
    return library.facts or catalogue(library.vocabulary)


def measure(client: Client, vocabulary: Vocabulary, as_of: date) -> MeasuredFacts:
    """Return the facts of one client; whoever has many keeps a `Measures`."""
    return Measures(vocabulary).of(client, as_of)
