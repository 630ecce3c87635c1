"""Facts as loose as they can be: whatever the catalogue declares possible, and what no record can break.

What never holds here holds for no client at all, however long the history. What does hold
here may still not fit together in any record; that an imagined client has to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import z3

from cdsrules.analysis.leaves import Ground
from cdsrules.analysis.terms import NEVER, NO, YES, Holds, Symbol, Term, both, either
from cdsrules.logic.moment import Moment
from cdsrules.measures.outcome_class import CLASSES, DETERIORATED, IMPROVED, RECOVERED
from cdsrules.model.condition import FactKey, proposed_key
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind
from cdsrules.model.risk import ACUTE
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Instrument, Vocabulary, Worse

PRIMARY: Final = "outcome.primary."


class Loose:
    """Each fact for itself, within its declared range; `limits` say what ties them together."""

    def __init__(self, vocabulary: Vocabulary, catalogue: FactCatalogue, moment: Moment) -> None:
        self._catalogue = catalogue
        self._instruments = vocabulary.instruments
        self._always = {proposed_key(action).name for action in vocabulary.actions}
        self._always |= {"treatment.duration", "treatment.started_on"}
        self._symbols: dict[FactKey, Symbol] = {}
        self._within: list[Holds] = []
        self._windows: dict[Duration, Symbol] = {}
        self._told = 0
        self.ground = Ground(self.symbol, self._window, catalogue, moment)

    def symbol(self, key: FactKey) -> Symbol:
        """Return a fact that may be known or not, with any value that it may have."""
        found = self._symbols.get(key)
        if found is None:
            known = YES if key.name in self._always else z3.Bool(f"known {key}")
            found = self._symbols[key] = self._open(str(key), self._catalogue[key.name], known)
        return found

    def _open(self, name: str, spec: FactSpec, known: Holds) -> Symbol:
        match spec.kind:
            case Kind.CHOICE:
                # Below the first: a word that is not declared, such as a band of a screening measure.
                return Symbol(known, self._between(z3.Int(name), -1, len(spec.choices) - 1), spec.choices)
            case Kind.SET:
                return Symbol(known, words={word: z3.Bool(f"{name} has {word}") for word in spec.choices})
            case _:
                return Symbol(known, self._value(name, spec))

    def _value(self, name: str, spec: FactSpec) -> Term:
        match spec.kind:
            case Kind.NUMBER:
                return self._number(name, spec)
            case Kind.YES_NO:
                return z3.Bool(name)
            case Kind.DATE:
                day = z3.Int(name)
                self._within.append(either(day == NEVER, both(day > NEVER, day <= 0)))
                return day
            case Kind.ELAPSED:
                return self._between(z3.Int(name), None, 0)
            case _:
                return YES

    def _number(self, name: str, spec: FactSpec) -> Term:
        if spec.step == 1 and (spec.low is None or float(spec.low).is_integer()):
            return self._between(z3.Int(name), spec.low, spec.high)
        return self._between(z3.Real(name), spec.low, spec.high)

    def _between(self, number: Term, low: float | None, high: float | None) -> Term:
        self._within += [number >= z3.RealVal(str(low))] if low is not None else []
        self._within += [number <= z3.RealVal(str(high))] if high is not None else []
        return number

    def _window(self, over: Duration) -> Symbol:
        found = self._windows.get(over)
        if found is None:
            day = self._between(z3.Int(f"window of {over}"), None, 0)
            found = self._windows[over] = Symbol(z3.Bool(f"window of {over} told"), day)
        return found

    @property
    def asked(self) -> tuple[FactKey, ...]:
        """The facts asked for so far."""
        return tuple(self._symbols)

    # ---- What ties facts together, for every client

    def note_as_told(self) -> None:
        """Note that the limits so far are taken in."""
        self._told = len(self._symbols) + len(self._windows)

    def further(self) -> Iterator[Holds]:
        """Yield all limits again once a fact was asked for that they do not speak of yet."""
        if len(self._symbols) + len(self._windows) > self._told:
            yield from self.limits()

    def limits(self) -> Iterator[Holds]:
        """Yield what holds of the facts asked for so far, for every client there can be."""
        prefixes = [(PRIMARY, None), *((f"measure.{name}.", one) for name, one in self._instruments.items())]
        for prefix, instrument in prefixes:
            if any(key.name.startswith(prefix) for key in self._symbols):
                yield from self._of_course(prefix, instrument)
        yield from self._of_actions()
        yield from self._of_signs()
        yield from self._within

    def _of_course(self, prefix: str, instrument: Instrument | None) -> Iterator[Holds]:
        latest, baseline = self.symbol(FactKey(f"{prefix}latest")), self.symbol(FactKey(f"{prefix}baseline"))
        gain = self.symbol(FactKey(f"{prefix}improvement"))
        yield z3.Implies(gain.known, both(latest.known, baseline.known))
        yield from self._of_gain(prefix, instrument, (latest, baseline, gain))
        classed = self.symbol(FactKey(f"{prefix}class"))
        yield z3.Implies(classed.known, gain.known)
        yield z3.Implies(both(classed.known, classed.value == CLASSES.index(DETERIORATED)), gain.value < 0)
        for name in (RECOVERED, IMPROVED):
            yield z3.Implies(both(classed.known, classed.value == CLASSES.index(name)), gain.value > 0)
        clinical, worse = self.symbol(FactKey(f"{prefix}in_clinical_range")), FactKey(f"{prefix}reliably_worse")
        recovered = both(classed.known, classed.value == CLASSES.index(RECOVERED))
        yield z3.Implies(recovered, z3.Not(both(clinical.known, clinical.value)))
        is_worse = self.symbol(worse)
        told = both(classed.known, is_worse.known)
        yield z3.Implies(told, is_worse.value == (classed.value == CLASSES.index(DETERIORATED)))
        yield from self._of_latest(prefix, instrument, latest)

    def _of_gain(
        self, prefix: str, instrument: Instrument | None, scores: tuple[Symbol, Symbol, Symbol]
    ) -> Iterator[Holds]:
        latest, baseline, gain = scores
        change = self.symbol(FactKey(f"{prefix}change"))
        yield change.known == gain.known
        fall = baseline.value - latest.value
        yield z3.Implies(gain.known, change.value == -fall)
        if instrument is None:
            yield z3.Implies(gain.known, either(gain.value == fall, gain.value == -fall))
        else:
            yield z3.Implies(gain.known, gain.value == (fall if instrument.worse is Worse.HIGHER else -fall))

    def _of_latest(self, prefix: str, instrument: Instrument | None, latest: Symbol) -> Iterator[Holds]:
        on = self.symbol(FactKey(f"{prefix}latest_on"))
        yield z3.Implies(latest.known, both(on.known, on.value > NEVER))
        for name in ("in_clinical_range", "trend", "single_worse_score", "plateau_in_range", "scores_in_range"):
            key = FactKey(f"{prefix}{name}")
            if key in self._symbols:
                yield z3.Implies(self._symbols[key].known, latest.known)
        band = FactKey(f"{prefix}band")
        if band.name in self._catalogue:
            yield from self._of_band(self.symbol(band), instrument, latest)

    def _of_band(self, band: Symbol, instrument: Instrument | None, latest: Symbol) -> Iterator[Holds]:
        yield z3.Implies(band.known, latest.known)
        if instrument is None:
            return
        bands = instrument.bands
        for one, following in zip(bands, (*bands[1:], None), strict=True):
            inside = [latest.value >= z3.RealVal(str(one.low))]
            inside += [latest.value < z3.RealVal(str(following.low))] if following is not None else []
            named = band.value == band.choices.index(one.name)
            yield z3.Implies(both(band.known, named), both(*inside))

    def _of_signs(self) -> Iterator[Holds]:
        """Yield what signs of risk, of worsening and about medication have in common with what they rest on."""
        acute = self.symbol(FactKey("risk.acute"))
        for kind in sorted(ACUTE):
            flag = self.symbol(FactKey(f"risk.{kind}.open"))
            yield both(flag.known, flag.value) == both(acute.known, (acute.words or {}).get(kind, NO))
        worse, day = self.symbol(FactKey("outcome.any_reliably_worse")), FactKey("evidence.newest_worsening_on")
        yield z3.Implies(both(worse.known, worse.value), self._was(day))
        young = self.symbol(FactKey("medication.new_in_young.open"))
        yield z3.Implies(both(young.known, young.value), self._was(FactKey("medication.changed_on")))
        expecting, pregnant = (
            self.symbol(FactKey("medication.in_pregnancy.open")),
            self.symbol(FactKey("client.pregnant")),
        )
        yield z3.Implies(expecting.known, pregnant.known)
        yield z3.Implies(both(expecting.known, expecting.value), pregnant.value)

    def _was(self, day: FactKey) -> Holds:
        on = self.symbol(day)
        return both(on.known, on.value > NEVER)

    def _of_actions(self) -> Iterator[Holds]:
        """Yield that nothing is done or declined in a treatment before it began; its attributes need a proposal."""
        start = self.symbol(FactKey("treatment.started_on")).value
        yield start > NEVER
        for key, symbol in list(self._symbols.items()):
            first, _, rest = key.name.partition(".")
            if first == "action":
                yield either(z3.Not(symbol.known), symbol.value == NEVER, symbol.value >= start)
            elif first == "proposed" and "." in rest:
                is_proposed = self.symbol(proposed_key(rest.partition(".")[0]))
                yield z3.Implies(symbol.known, is_proposed.value)
