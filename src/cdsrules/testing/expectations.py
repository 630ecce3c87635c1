"""What a case expects of the guidance, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Tier

Standing = Literal["now", "then"]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is expected of a list: `exactly` is all of it, in order.

    `includes` are there in this order, with others before, between and after them allowed;
    `never` are not there.
    """

    exactly: tuple[str, ...] | None = None
    includes: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """What has to be there."""
        return self.includes if self.exactly is None else self.exactly

    @property
    def asserts_nothing(self) -> bool:
        """Whether every list meets it."""
        return self.exactly is None and not self.includes and not self.never


NOTHING: Final = Listed(exactly=())
"""A list that has to be empty."""


@dataclass(frozen=True, slots=True)
class ItemExpectation:
    """What is expected of the one thing that the guidance says because a rule holds.

    `stands` is where a recommendation stands in the pathway; `rests_on` has facts that its
    explanation has to name, each with its value as it is printed. None is not looked at.
    """

    tier: Tier | None = None
    stands: Standing | None = None
    action: str | None = None
    rests_on: Mapping[str, str] | None = None
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()

    @property
    def asserts_nothing(self) -> bool:
        """Whether any item of the rule meets it."""
        return not any((self.tier, self.stands, self.action, self.looks_at_words))

    @property
    def looks_at_words(self) -> bool:
        """Whether it looks at texts or at the explanation."""
        return bool(self.rests_on or self.says or self.never_says)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should come out for a client; None means that nothing is said of this part.

    `fires`, `silent` and `unknown` are rules that hold, do not hold, cannot be decided.
    `safety` are the rules of open safety items, `recommendations` all recommended actions,
    `now` and `then` those for now and for later, `cautions` and `cannot_rule_out` rules
    that speak of what is proposed, `asks` facts to find out next. `items` says more of what
    single rules bring; `never` are rules and actions that must not appear; `says` and
    `never_says` pieces of text. Of a `complete` expectation every part is looked at: what
    is not named must not be there, and the findings named true are all that hold.
    """

    complete: bool = False
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    findings: Mapping[str, bool | None] | None = None
    safety: Listed | None = None
    recommendations: Listed | None = None
    now: Listed | None = None
    then: Listed | None = None
    waits: Mapping[str, tuple[str, ...]] | None = None
    settled: Mapping[str, str] | None = None
    answers: Mapping[str, Verdict] | None = None
    cautions: Listed | None = None
    cannot_rule_out: Listed | None = None
    asks: Listed | None = None
    items: Mapping[str, ItemExpectation] | None = None
    never: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()

    @property
    def asserts_nothing(self) -> bool:
        """Whether it would be met whatever comes out: no list that has to be complete, and nothing in the others."""
        named = (self.fires, self.silent, self.unknown, self.never, self.says, self.never_says)
        by_name = (self.findings, self.waits, self.settled, self.answers, self.items)
        listed = (one for one in self.lists if one is not None)
        return not self.complete and all(one.asserts_nothing for one in listed) and not any((*named, *by_name))

    @property
    def looks_at_words(self) -> bool:
        """Whether it looks at what conditions are said in: texts, explanations, and what to find out next."""
        of_items = any(one.looks_at_words for one in (self.items or {}).values())
        return bool(self.says or self.never_says or self.asks is not None or of_items)

    @property
    def lists(self) -> Iterator[Listed | None]:
        """What is expected of each list of the guidance."""
        yield from (self.safety, self.recommendations, self.now, self.then)
        yield from (self.cautions, self.cannot_rule_out, self.asks)


def completed(expected: Expectation) -> Expectation:
    """Return an expectation in which every part that is not named is empty."""
    elsewhere = None if expected.recommendations is None else expected.recommendations.exactly
    steps = NOTHING if elsewhere is None else None
    return replace(
        expected,
        findings=expected.findings or {},
        safety=expected.safety or NOTHING,
        now=expected.now or steps,
        then=expected.then or steps,
        settled=expected.settled or {},
        answers=expected.answers or {},
        cautions=expected.cautions or NOTHING,
        cannot_rule_out=expected.cannot_rule_out or NOTHING,
        asks=expected.asks or NOTHING,
    )
