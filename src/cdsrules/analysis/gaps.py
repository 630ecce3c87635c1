"""Clients to whom rules owe something and who get nothing, by what is declared to be owed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import z3

from cdsrules.analysis.answers import NotFound, RuledOut, Shown, Undecided
from cdsrules.analysis.given import Given
from cdsrules.analysis.obligation import Gets, Obligation
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import Search
from cdsrules.analysis.terms import Holds, both, either
from cdsrules.loading.tree import Plain
from cdsrules.logic.trace import trace
from cdsrules.model.condition import Condition
from cdsrules.model.rulebook import Verb
from cdsrules.model.saying import say_list
from cdsrules.testing.laws.asking import Answer as Evaluated


class Kept(NamedTuple):
    """A duty that is fulfilled as far as it was looked into, and what that rests on."""

    about: str
    says: str
    ground: RuledOut | NotFound | None = None


class Owed:
    """What a client is to get, in the search and of one who was evaluated."""

    def __init__(self, search: Search, gets: Gets) -> None:
        self._given = Given(search.program)
        self._gets = gets

    def gets(self, rulings: Rulings) -> Holds:
        """Return that a client gets it."""
        given, gets = self._given, self._gets
        ways = [rulings.finding(name).true for name in gets.finding]
        ways += [given.recommended(rulings, gets.recommendation)] if gets.recommendation is not None else []
        ways += [given.cautioned(rulings, gets.caution_on)] if gets.caution_on is not None else []
        ways += [given.safety_item(rulings)] if gets.safety_item else []
        ways += [given.risk_line(rulings)] if gets.risk_line else []
        return either(*ways)

    def is_got(self, client: Evaluated) -> bool:
        """Return whether a client who was evaluated gets it, by the guidance itself."""
        guidance, gets = client.guidance, self._gets
        if any(client.findings[name] is True for name in gets.finding):
            return True
        items = (*guidance.pathway.now, *guidance.pathway.then, *guidance.safety)
        steps = {item.action for item in items if item.rule.verb is Verb.RECOMMENDS}
        if gets.recommendation is not None and (steps if not gets.recommendation else steps & set(gets.recommendation)):
            return True
        if gets.caution_on is not None and any(
            client.rules[one.id] is True for one in self._given.cautioning(gets.caution_on)
        ):
            return True
        return bool((gets.safety_item and guidance.safety) or (gets.risk_line and guidance.risk_line is not None))

    @property
    def words(self) -> str:
        """What is owed, in words."""
        gets, ways = self._gets, []
        if gets.recommendation is not None:
            ways.append(
                "a recommendation" + (f" of {say_list(gets.recommendation, 'or')}" if gets.recommendation else "")
            )
        if gets.caution_on is not None:
            ways.append("a caution" + (f" on {say_list(gets.caution_on, 'or')}" if gets.caution_on else ""))
        ways += [f"the finding {name}" for name in gets.finding]
        ways += ["a safety item"] if gets.safety_item else []
        ways += ["the line on what is not known about risk"] if gets.risk_line else []
        return say_list(ways, "or")

    @property
    def expect(self) -> dict[str, Plain]:
        """What a case expects of a client who does not get it."""
        gets = self._gets
        expect: dict[str, Plain] = {}
        if gets.recommendation is not None:
            never: list[Plain] = list(gets.recommendation)
            expect["recommendations"] = {"never": never} if never else []
        if gets.caution_on is not None:
            silent: list[Plain] = [rule.id for rule in self._given.cautioning(gets.caution_on)]
            expect["never"] = silent
        if gets.safety_item:
            expect["safety"] = []
        return expect


def gaps(search: Search, obligations: tuple[Obligation, ...]) -> Iterator[Remark | Kept]:
    """Yield for each obligation a client to whom it is not kept, or that it is kept."""
    for one in obligations:
        yield _gap(search, one)


def _gap(search: Search, obligation: Obligation) -> Remark | Kept:
    owed = Owed(search, obligation.gets)
    every, unless = obligation.every, obligation.unless

    def applies(rulings: Rulings) -> Holds:
        exempt = [] if unless is None else [z3.Not(rulings.condition(unless).true)]
        return both(rulings.condition(every).true, *exempt)

    def claim(rulings: Rulings) -> Holds:
        return both(applies(rulings), z3.Not(owed.gets(rulings)))

    def shows(client: Evaluated) -> bool:
        exempt = unless is not None and truth_of(unless, client) is True
        return truth_of(every, client) is True and not exempt and not owed.is_got(client)

    answer = search.find(claim, shows, about=(every,) if unless is None else (every, unless), small=True)
    if not isinstance(answer, Shown) and search.is_not_imagined(applies):
        answer = Undecided("No client can be imagined of whom it speaks.")
    match answer:
        case Shown():
            says = f"{obligation.title}: here is a client who does not get it ({owed.words}). {obligation.why}"
            return Remark(Sort.GAP, (obligation.id,), says, answer, expect=owed.expect, shows=shows)
        case Undecided(because):
            return Remark(
                Sort.UNTOLD, (obligation.id,), f"Whether it is kept could not be told: {obligation.title}. {because}"
            )
        case RuledOut() | NotFound():
            return Kept(obligation.id, obligation.title, answer)


def truth_of(condition: Condition, client: Evaluated) -> bool | None:
    """Return the truth of a condition for a client who was evaluated."""
    return trace(condition, client.facts, client.findings, client.facts.moment).truth
