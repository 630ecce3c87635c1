"""Facts that plugins declare: named apart from those of cdsrules, and measured inside a fence.

A value that is not what its fact declares makes the fact unknown, with the reason, and the
plugin is named in the guidance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Final

from cdsrules.frozen import frozen
from cdsrules.logic.values import KIND_WORDS, PLAIN
from cdsrules.measures.catalogue import Measures
from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.history import History
from cdsrules.model.client import Client
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import (
    Elapsed,
    Evidence,
    FactCatalogue,
    FactSpec,
    FactValue,
    Kind,
    Known,
    Measured,
    Measurement,
    Reason,
    Unknown,
)
from cdsrules.plugins import own, reading
from cdsrules.plugins.asking import Answering, Failure, Unusable
from cdsrules.plugins.given import Gift, given_client
from cdsrules.plugins.printable import Forbidden, unprintable

if TYPE_CHECKING:
    from cdsrules.model.time import Duration
    from cdsrules.model.vocabulary import Vocabulary
    from cdsrules.plugins.session import PluginSession

_NAME: Final = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*(\.[a-z][a-z0-9]*([_-][a-z0-9]+)*)+")
_SLOT: Final = re.compile("[{}]")
_OF_A_PAIR: Final = 2
_NOTHING: Final = Unknown(Reason.NOT_RECORDED, "nothing is on record where it is looked up")


def measure(
    name: str,
    kind: Kind | str,
    of: Callable[[Client, date], FactValue | Measured | None],
    *,
    words: str,
    meaning: str,
    ask: str,
    reference: str = "what the host has on record",
    unit: str | None = None,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: tuple[str, ...] = (),
    choice_words: Mapping[str, str] | None = None,
    clause: str | None = None,
    negation: str | None = None,
) -> Fact:
    """Return a fact for `cdsrules_measures`: what it is, and the function that measures it.

    `of` gets the client without what is dated later, and the day. It returns a value of the
    kind, a `Known` that names the records behind it, an `Unknown` with its reason, or None where
    nothing is on record. `kind` is one of `Kind`, such as "number"; the texts are those of `FactSpec`.

    >>> places = measure("practice.places", "number", lambda client, day: 3, words="the free places",
    ...                  meaning="How many places are free.", ask="the free places", unit="places", low=0)
    >>> places.spec.name, places.spec.kind.value
    ('practice.places', 'number')
    """
    return fact(
        name,
        Kind(kind),
        partial(_found, of),
        words=words,
        meaning=meaning,
        ask=ask,
        reference=reference,
        unit=unit,
        low=low,
        high=high,
        step=step,
        choices=choices,
        choice_words=choice_words,
        clause=clause,
        negation=negation,
    )


def _found(of: Callable[[Client, date], FactValue | Measured | None], history: History) -> Measured:
    found = of(history.client.until(history.as_of), history.as_of)
    if found is None:
        return _NOTHING
    return found if isinstance(found, Known | Unknown) else Known(found)


@frozen
class Ready:
    """Every fact of a vocabulary, those of plugins among them, and the plugins of which some are not fit for use.

    `added` are the names of those of plugins.
    """

    measures: Measures
    added: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()


def ready(
    session: PluginSession, vocabulary: Vocabulary, forbidden: Forbidden, named: FactCatalogue | None = None
) -> Ready:
    """Return every fact that rules may ask about: those of cdsrules, then those that plugins add, each fenced in.

    One that bears a name of another, or says what may not be printed, is refused with the reason.
    What is `named` and measured by nobody here is unknown. The same session and vocabulary give
    the same again.
    """
    made = next((made for known, made in session.ready if known is vocabulary), None)
    if made is None:
        made = _made(session, vocabulary, forbidden)
        session.ready.append((vocabulary, made))
    absent = [spec for name, spec in (named or {}).items() if name not in made.measures.catalogue]
    return replace(made, measures=made.measures.beside(map(_unmeasured, absent))) if absent else made


def _unmeasured(spec: FactSpec) -> Fact:
    """Return a fact of a plugin that does not take part."""
    unknown = Unknown(Reason.NOT_RECORDED, "the plugin that measures it does not take part")
    return Fact(
        spec,
        None if spec.over == "required" else lambda _: unknown,
        None if spec.over == "never" else lambda _, __: unknown,
    )


def _made(session: PluginSession, vocabulary: Vocabulary, forbidden: Forbidden) -> Ready:
    facts = {one.spec.name: one for one in own.cdsrules_measures(vocabulary)}
    if "cdsrules_measures" not in session.answering:
        return Ready(Measures(vocabulary, facts.values()))
    taken = frozenset(name.partition(".")[0] for name in facts)
    answers, failed = session.measures(vocabulary, lambda answer: _declared(answer, taken, forbidden))
    failures = list(failed)
    added: set[str] = set()
    for plugin, declared in answers:
        for one, fault in declared:
            name = one.spec.name
            why = "a fact of this name was declared before" if fault is None and name in added else fault
            if why is None:
                added.add(name)
                facts[name] = _fenced(session, plugin, one, forbidden)
            else:
                failures.append(Failure(plugin, f"Plugin {plugin} may not add the fact {name}: {why}.", "CDS304"))
    return Ready(Measures(vocabulary, facts.values()), frozenset(added), tuple(failures))


def _declared(answer: object, taken: Collection[str], forbidden: Forbidden) -> tuple[tuple[Fact, str | None], ...]:
    """Return the facts that a plugin declares, each with why it cannot be added. Raises `Unusable` for no facts."""
    return tuple((one, _fault_of(one.spec, taken, forbidden)) for one in reading.facts(answer))


def _fault_of(spec: FactSpec, taken: Collection[str], forbidden: Forbidden) -> str | None:
    """Return why a fact cannot be added."""
    first = spec.name.partition(".")[0]
    if _NAME.fullmatch(spec.name) is None:
        return "write small letters, with a dot between the plugin's part and its own, like practice.free_places"
    if first in taken:
        return f"facts that begin with “{first}.” are those of cdsrules; begin with the plugin's own name"
    if spec.kind in (Kind.CHOICE, Kind.SET) and not spec.choices:
        return f"it is {KIND_WORDS[spec.kind]}: name them in `choices`"
    for text in _texts(spec):
        why = unprintable(text, forbidden) or ("has a slot that nothing fills" if _SLOT.search(text) else None)
        if why is not None:
            return f"a text of it {why}"
    return None


def _texts(spec: FactSpec) -> Iterator[str]:
    """Yield every text of a fact; clauses without their slots."""
    clauses = [one for one in (spec.clause, spec.negation) if one is not None]
    yield from (one.replace("{value}", "that").replace("{unit}", "of it") for one in clauses)
    yield from (spec.words, spec.meaning, spec.ask, spec.reference)
    yield from (one for one in (spec.unit, spec.over_words, spec.closed_by) if one is not None)
    yield from (*spec.choices, *spec.choice_words.values())


def _fenced(session: PluginSession, plugin: str, one: Fact, forbidden: Forbidden) -> Fact:
    fence = _Fence(session, plugin, one, forbidden)
    return Fact(one.spec, fence.measured if one.measure else None, fence.measured_over if one.over else None)


@frozen
class _Fence:
    """One fact of a plugin, measured once for a client on a day."""

    session: PluginSession
    plugin: str
    fact: Fact
    forbidden: Forbidden

    def measured(self, history: History) -> Measured:
        return self._once(history, FactKey(self.fact.spec.name), self.fact.measure)

    def measured_over(self, history: History, over: Duration) -> Measured:
        take = self.fact.over
        whole = partial(_over, take, over) if take is not None else None
        return self._once(history, FactKey(self.fact.spec.name, over), whole)

    def _once(self, history: History, key: FactKey, take: Callable[[History], Measurement] | None) -> Measured:
        known = history.added.get(key)
        if known is None:
            known = history.added[key] = self._measure(history, key, take)
        return known[0]

    def _measure(
        self, history: History, key: FactKey, take: Callable[[History], Measurement] | None
    ) -> tuple[Measured, str | None]:
        """Return what the plugin says, from records of its own to look at; and a sentence where it failed."""
        private = History(given_client(history.client), history.vocabulary, history.as_of)
        asked = Answering(self.plugin, lambda: take(private) if take else None, frozenset())
        said = self.session.caller.call(
            str(key), asked, Gift.of(client=private.client), self._read, f"The fact {key} is unknown"
        )
        if isinstance(said, Failure):
            return Unknown(Reason.UNDECIDABLE, f"the plugin {self.plugin} did not give it"), said.words
        return said.value, None

    def _read(self, given: object) -> Measured:
        """Return what was measured, held to what the fact declares."""
        answer = Known(*given) if type(given) is tuple and len(given) == _OF_A_PAIR else given
        # Not what inherits from them: it would be read as a value further on.
        if type(answer) is not Known and type(answer) is not Unknown:
            raise Unusable("gave nothing that was measured")
        fault = _misfit(answer.value, self.fact.spec) if isinstance(answer, Known) else _unreasonable(answer)
        records: Sequence[object] = answer.records
        if fault is None and not all(isinstance(one, Evidence) for one in records):
            fault = "named records that are not `Evidence`"
        if fault is None:
            fault = next((why for one in _said(answer, self.fact.spec) if (why := self.forbidden(one))), None)
        if fault is not None:
            raise Unusable(fault)
        return answer


def _said(answer: Measured, spec: FactSpec) -> Iterator[str]:
    """Yield what of a measured fact is printed as it stands."""
    if isinstance(answer, Unknown):
        yield answer.because
        yield answer.ask or ""
        yield answer.instead or ""
    elif spec.kind is Kind.TEXT:
        yield str(answer.value)
    yield from (one.evidence.label for one in answer.records)


def _unreasonable(answer: Unknown) -> str | None:
    """Return how a reason for not knowing is none."""
    told: tuple[object, ...] = answer
    reason, because, _, *asked = told
    good = isinstance(reason, Reason) and isinstance(because, str) and all(isinstance(one, str | None) for one in asked)
    if not good:
        return "gave no reason that cdsrules knows for not knowing"
    return None if answer.because.strip() else "left the text empty that says why it is not known"


def _over(take: Callable[[History, Duration], Measurement], over: Duration, history: History) -> Measurement:
    return take(history, over)


def _misfit(value: FactValue, spec: FactSpec) -> str | None:
    """Return how a value is not what its fact declares."""
    wanted = KIND_WORDS[spec.kind]
    try:
        PLAIN[spec.kind](value)
    except TypeError:
        return f"gave something else where {wanted} belongs"
    if isinstance(value, Elapsed) and not (
        type(value.since) is type(value.until) is date and value.since <= value.until
    ):
        return "gave a time that does not run from one day to a later one"
    if isinstance(value, int | float) and not _within(value, spec):
        return f"gave a number outside of what {spec.name} can be"
    words = value if isinstance(value, frozenset) else {value} if spec.kind is Kind.CHOICE else frozenset()
    if not words <= set(spec.choices):
        return f"gave a word that is not one of {', '.join(spec.choices)}"
    return None


def _within(number: float, spec: FactSpec) -> bool:
    return (spec.low is None or number >= spec.low) and (spec.high is None or number <= spec.high) and isfinite(number)


def failures(facts_of: History) -> tuple[str, ...]:
    """Return a sentence for each fact of a plugin that could not be measured for a client, as far as was asked."""
    return tuple(words for _, words in facts_of.added.values() if words is not None)
