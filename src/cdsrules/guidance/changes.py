"""Two guidances for one client held against each other: what came, what went, what stands elsewhere.

What is compared is what a reader is shown: safety items, the line on risk, what is seen, the
steps in their order, and the answers to what is proposed. Swapped, the two give the same
changes the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias, cast

from cdsrules.model.guidance import Guidance, Item, ProposalAnswer, Standing
from cdsrules.model.rulebook import Rule, Tier, Verb


class Place(StrEnum):
    """Where a reader meets it, loudest first."""

    SAFETY = "safety"
    RISK_LINE = "risk line"
    CAUTION = "caution"
    NOT_RULED_OUT = "cannot be ruled out"
    ANSWER = "answer"
    FIRST = "first"
    MORE = "more"
    FOLDED = "folded"
    SEEN = "seen"


class Turn(StrEnum):
    """What became of something shown."""

    LOST = "lost"
    GAINED = "gained"
    CHANGED = "changed"


class Aspect(StrEnum):
    """In what respect something that is still shown differs."""

    PLACE = "place"
    TIER = "tier"
    RULE = "rule"
    STANDING = "standing"
    WAITS = "waits for"
    ALSO = "further rules"
    ANSWER = "answer"
    ORDER = "order"
    WORDS = "words"


_STEPS: Final = frozenset({Place.FIRST, Place.MORE, Place.FOLDED})
_LOUD: Final = frozenset({Place.SAFETY, Place.RISK_LINE})


class Shown(NamedTuple):
    """One thing that a reader is shown.

    `target` is the action or the finding; `says` is the verdict of an answer or the line on
    risk, None for what has an item with words of its own; `number` is a step's place in the path.
    """

    place: Place
    verb: Verb | None
    target: str
    title: str
    tier: Tier
    rule: str | None = None
    standing: Standing | None = None
    waits: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    says: str | None = None
    number: int = 0
    item: Item | None = None


class Change(NamedTuple):
    """What became of one thing shown; `what` says in which respects, where it still is."""

    turn: Turn
    before: Shown | None
    after: Shown | None
    what: tuple[Aspect, ...] = ()

    @property
    def shown(self) -> Shown:
        """The thing itself, as it was or else as it came."""
        return cast("Shown", self.before or self.after)  # a change has one of them at least

    @property
    def is_safety(self) -> bool:
        """Whether it is about what must not wait, before or after."""
        return any(one is not None and one.place in _LOUD for one in (self.before, self.after))

    @property
    def is_safety_lost(self) -> bool:
        """Whether something that must not wait is no longer said, or no longer in its place."""
        was = self.before is not None and self.before.place in _LOUD
        return was and (self.after is None or self.after.place not in _LOUD)


MayDiffer: TypeAlias = Callable[[Rule, Rule], bool]
"""Whether the words of one rule can differ from those of another for the same client."""

_Known: TypeAlias = tuple[str, ...]


def changes(before: Guidance, after: Guidance, words_may_differ: MayDiffer) -> tuple[Change, ...]:
    """Return what differs between two guidances for one client, what must not wait first."""
    pairs = list(_paired(tuple(shown_in(before)), tuple(shown_in(after))))
    moved = _moved([(one, other) for one, other in pairs if one is not None and other is not None])
    found = [_change(one, other, moved, words_may_differ) for one, other in pairs]
    return tuple(sorted((one for one in found if one is not None), key=_loudness))


def _loudness(change: Change) -> tuple[bool, bool, int, int]:
    places, turns = list(Place), list(Turn)
    return not change.is_safety_lost, not change.is_safety, places.index(change.shown.place), turns.index(change.turn)


# What a reader is shown


def shown_in(guidance: Guidance) -> Iterator[Shown]:
    """Yield everything that a guidance shows, in the order read; folded steps and silent findings too."""
    for item in guidance.safety:
        yield _of_item(item, Place.SAFETY)
    if guidance.risk_line is not None:
        yield Shown(Place.RISK_LINE, None, "", "The line on risk", Tier.SAFETY, says=guidance.risk_line)
    yield from _seen(guidance)
    folded = len(guidance.steps) - len(guidance.folded)
    for number, item in enumerate(guidance.steps):
        place = Place.FOLDED if number >= folded else Place.MORE if number else Place.FIRST
        yield _of_item(item, place, item.standing, number)
    for answer in guidance.proposals:
        yield from _of_answer(answer)


def _of_item(item: Item, place: Place, standing: Standing | None = None, number: int = 0) -> Shown:
    return Shown(
        place=place,
        verb=item.verb,
        target=item.rule.target,
        title=item.title,
        tier=item.tier,
        rule=item.rule.id,
        standing=standing,
        waits=tuple(wait.words for wait in item.waits_for),
        also=item.also,
        number=number,
        item=item,
    )


def _seen(guidance: Guidance) -> Iterator[Shown]:
    """Yield what is seen: the findings that a rule puts into words, then those named by their title alone."""
    spoken = {item.rule.target for item in guidance.speaking}
    yield from (_of_item(item, Place.SEEN) for item in guidance.speaking)
    for state in guidance.findings:
        if state.truth and state.finding not in spoken and state.tier is not Tier.INFORMATION:
            yield Shown(Place.SEEN, Verb.FINDS, state.finding, state.title, state.tier, also=state.rules)


def _of_answer(answer: ProposalAnswer) -> Iterator[Shown]:
    yield Shown(Place.ANSWER, None, answer.action, answer.name, Tier.REVIEW, says=answer.verdict.value)
    yield from (_of_item(item, Place.CAUTION) for item in answer.cautions)
    yield from (_of_item(item, Place.NOT_RULED_OUT) for item in answer.open)


# Which is which


def _paired(before: Sequence[Shown], after: Sequence[Shown]) -> Iterator[tuple[Shown | None, Shown | None]]:
    """Yield what is the same thing before and after, and what has no counterpart.

    The same rule about the same is the same thing; of what is left, two rules about the same
    are, but for safety items: there each rule counts for itself.
    """
    same_rule = _matched(before, after, _by_rule)
    yield from same_rule
    left = _left(before, (one for one, _ in same_rule)), _left(after, (other for _, other in same_rule))
    same_target = _matched(left[0], left[1], _by_target)
    yield from same_target
    yield from ((one, None) for one in _left(left[0], (one for one, _ in same_target)))
    yield from ((None, other) for other in _left(left[1], (other for _, other in same_target)))


def _matched(
    before: Iterable[Shown], after: Iterable[Shown], key: Callable[[Shown], _Known]
) -> list[tuple[Shown, Shown]]:
    waiting: dict[_Known, list[Shown]] = {}
    for one in after:
        waiting.setdefault(key(one), []).append(one)
    return [(one, waiting[key(one)].pop(0)) for one in before if waiting.get(key(one))]


def _left(shown: Iterable[Shown], taken: Iterable[Shown]) -> tuple[Shown, ...]:
    known = {id(one) for one in taken}
    return tuple(one for one in shown if id(one) not in known)


def _by_rule(shown: Shown) -> _Known:
    return (*_kind(shown), shown.rule or "")


def _by_target(shown: Shown) -> _Known:
    own = (shown.rule or "",) if shown.place is Place.SAFETY else ()
    return (*_kind(shown), *own)


def _kind(shown: Shown) -> _Known:
    """Return what it is about; a caution that holds and one that cannot be ruled out are the same thing."""
    of_proposal = shown.place in {Place.CAUTION, Place.NOT_RULED_OUT}
    return ("proposal" if of_proposal else "", shown.verb.value if shown.verb else shown.place.value, shown.target)


# In what it differs


def _moved(pairs: Iterable[tuple[Shown, Shown]]) -> frozenset[int]:
    """Return the steps, by identity, that have another place among those that are there before and after."""
    steps = [(one, other) for one, other in pairs if one.place in _STEPS and other.place in _STEPS]
    now = sorted(steps, key=lambda pair: pair[0].number)
    then = sorted(steps, key=lambda pair: pair[1].number)
    return frozenset(id(one) for (one, _), (other, _) in zip(now, then, strict=True) if one is not other)


def _change(
    before: Shown | None, after: Shown | None, moved: frozenset[int], words_may_differ: MayDiffer
) -> Change | None:
    if before is None or after is None:
        return Change(Turn.GAINED if before is None else Turn.LOST, before, after)
    what = tuple(_aspects(before, after, moved, words_may_differ))
    return Change(Turn.CHANGED, before, after, what) if what else None


def _aspects(before: Shown, after: Shown, moved: frozenset[int], words_may_differ: MayDiffer) -> Iterator[Aspect]:
    compared = {
        Aspect.PLACE: (before.place, after.place),
        Aspect.TIER: (before.tier, after.tier),
        Aspect.RULE: (before.rule, after.rule),
        Aspect.STANDING: (before.standing, after.standing),
        Aspect.WAITS: (before.waits, after.waits),
        Aspect.ALSO: (frozenset(before.also), frozenset(after.also)),
        Aspect.ANSWER: (before.says, after.says),
    }
    yield from (aspect for aspect, (one, other) in compared.items() if one != other)
    if id(before) in moved:
        yield Aspect.ORDER
    if _reads_otherwise(before.item, after.item, words_may_differ):
        yield Aspect.WORDS


def _reads_otherwise(before: Item | None, after: Item | None, words_may_differ: MayDiffer) -> bool:
    """Whether the reader is told something else; words are made only where they may differ."""
    if before is None or after is None or not words_may_differ(before.rule, after.rule):
        return False
    one, other = before.told.value, after.told.value
    texts = [(told.clinician, told.supervisor, told.client, told.why) for told in (one, other)]
    return before.title != after.title or texts[0] != texts[1]
