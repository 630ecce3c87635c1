"""Every combination of a few facts, each also as not known: where nothing is said though something serious may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Self

import z3

from cdsrules.analysis.answers import NotFound, RuledOut, Shown, Undecided
from cdsrules.analysis.combinations import Combination, Setting, every_combination
from cdsrules.analysis.gaps import Kept, Owed, truth_of
from cdsrules.analysis.obligation import Screen
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import Search
from cdsrules.analysis.terms import Holds, both
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known
from cdsrules.model.saying import say_list
from cdsrules.testing.laws.asking import Answer as Evaluated

MOST_SHOWN: Final = 5
"""So many silent combinations of one screen are shown, each with a client; of the others it is said how many."""


def silences(search: Search, screen: Screen) -> Iterator[Remark | Kept]:
    """Yield the combinations of a screen in which nothing is said, each with a client, and how many there were."""
    owed = Owed(search, screen.gets)
    every = list(every_combination(screen.asks, search.program.library, search.advisor.catalogue))
    with _Looking(search, screen, owed) as looking:
        possible = [one for one in every if looking.is_possible(one)]
        silent = [one for one in possible if looking.may_be_silent(one)]
    looked = (_silence(search, screen, owed, one) for one in silent)
    found = [replace(one, part=place) for place, one in enumerate(filter(None, looked), start=1)]
    yield from found[:MOST_SHOWN]
    gone = f"{screen.title}: {len(every)} combinations gone through, {len(possible)} of which a client can have"
    quiet = sum(one.sort is Sort.SILENT for one in found)
    said = f"in {quiet} of them nothing is said though something serious is possible" if found else "none stays silent"
    yield Kept(screen.id, f"{gone}; {said}", None if found else _ground(search, screen, owed))


def _ground(search: Search, screen: Screen, owed: Owed) -> RuledOut | NotFound:
    """Return the proof that nobody at all is met with silence, or how far was searched."""
    answer = search.ruled_out(lambda rulings: silence(screen, owed, rulings))
    return answer or NotFound(search.searched)


class _Looking:
    """The solver with a mark for every setting, so that each combination is a short question."""

    def __init__(self, search: Search, screen: Screen, owed: Owed) -> None:
        field, _ = search.field()
        self._rulings = field.rulings
        self._solver = field.solver
        self._screen = screen
        self._owed = owed
        self._marks: dict[tuple[FactKey, Setting], Holds] = {}
        self._silence = z3.Bool(f"silence of {screen.id}")

    def __enter__(self) -> Self:
        self._solver.push()
        rulings, screen = self._rulings, self._screen
        quiet = silence(screen, self._owed, rulings)
        self._solver.add(z3.Implies(self._silence, quiet))
        self._is_ever_silent = bool(self._solver.check(self._silence) != z3.unsat)
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.pop()

    def _mark(self, key: FactKey, setting: Setting) -> Holds:
        mark = self._marks.get((key, setting))
        if mark is None:
            mark = self._marks[key, setting] = z3.Bool(f"{key} set {say_setting(setting)}")
            self._solver.add(z3.Implies(mark, self._rulings.is_set(key, setting)))
        return mark

    def is_possible(self, combination: Combination) -> bool:
        """Return whether a client can have these facts together."""
        marks = [self._mark(key, setting) for key, setting in combination.items()]
        return bool(self._solver.check(*marks) != z3.unsat)

    def may_be_silent(self, combination: Combination) -> bool:
        """Return whether somebody with these facts may get nothing."""
        if not self._is_ever_silent:
            return False
        marks = [self._mark(key, setting) for key, setting in combination.items()]
        return bool(self._solver.check(*marks, self._silence) != z3.unsat)


def silence(screen: Screen, owed: Owed, rulings: Rulings) -> Holds:
    """Return that something serious is true, or may be, and nothing is got."""
    return both(z3.Not(rulings.condition(screen.serious).false), z3.Not(owed.gets(rulings)))


def _silence(search: Search, screen: Screen, owed: Owed, combination: Combination) -> Remark | None:
    """Return the remark of a client with these facts who gets nothing, None where everybody gets something."""
    words = say_list([f"{key} {say_setting(setting)}" for key, setting in combination.items()])

    def claim(rulings: Rulings) -> Holds:
        here = both(*(rulings.is_set(key, setting) for key, setting in combination.items()))
        return both(here, silence(screen, owed, rulings))

    def shows(client: Evaluated) -> bool:
        here = all(_setting(client, key) == setting for key, setting in combination.items())
        return here and truth_of(screen.serious, client) is not False and not owed.is_got(client)

    answer = search.find(claim, shows, prove=False, small=True)
    if isinstance(answer, Undecided):
        return Remark(Sort.UNTOLD, (screen.id,), f"With {words}: could not be told. {answer.because}")
    if not isinstance(answer, Shown):
        return None
    says = f"{screen.title}: with {words} nothing is said ({owed.words})."
    return Remark(Sort.SILENT, (screen.id,), says, answer, expect=owed.expect, shows=shows)


def _setting(client: Evaluated, key: FactKey) -> Setting:
    measured = client.facts.get(key)
    return measured.value if isinstance(measured, Known) else None


def say_setting(setting: Setting) -> str:
    """Return a setting in words."""
    match setting:
        case None:
            return "not known"
        case bool():
            return "yes" if setting else "no"
        case frozenset():
            return say_list(sorted(setting)) if setting else "none"
        case _:
            return str(setting)
