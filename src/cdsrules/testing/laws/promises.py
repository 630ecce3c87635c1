"""Whether two answers keep what a law promises: from before a change to after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.guidance.reach import fact_leaves, leaves_of
from cdsrules.inference.program import Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.trace import leaf_truth
from cdsrules.logic.words import in_words
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import Condition, Declined, Done, FactKey, FactTest, FindingTest, KnownTest, Leaf, keys_of
from cdsrules.model.facts import FactSpec, Kind, Known, Measured, Unknown
from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.rulebook import Rule, Status, Tier, Verb
from cdsrules.testing.laws.asking import Answer
from cdsrules.testing.laws.law import Law, Promise, Word


class Breach(NamedTuple):
    """How a promise is not kept, as a sentence; `about` are the rules and actions that it concerns."""

    promise: Promise
    words: str


def breaches(law: Law, before: Answer, after: Answer) -> Iterator[Breach]:
    """Yield every way in which the promises of a law are not kept."""
    for promise in law.then:
        for words in _COMPARED[promise.subject](promise, before, after):
            yield Breach(promise, words)


def holds_for(condition: Condition | None, answer: Answer) -> bool:
    """Return whether a law's condition holds for a client, as far as it is known; it does where there is none."""
    if condition is None:
        return True
    facts, findings = answer.facts, answer.findings

    def truth_of(leaf: Leaf) -> Truth:
        return findings.get(leaf.finding, False) if isinstance(leaf, FindingTest) else _truth(leaf, facts)

    return fold(condition, truth_of) is True


def _truth(leaf: Leaf, facts: MeasuredFacts) -> Truth:
    return leaf_truth(leaf, facts, facts.moment)


# ---- Urgency

_PRESSING: Final = tuple(tier for tier in Tier if tier is not Tier.INFORMATION)
_CALM: Final = len(_PRESSING)


def urgency(answer: Answer) -> tuple[int, str]:
    """Return the rank of the most pressing thing that is said, 0 for safety, and its title.

    What only informs presses nobody, nor does what celebrates a gain: what the vocabulary
    marks as not to be advised while a safety item is open.
    """
    actions = answer.program.library.vocabulary.actions
    said = (
        (_PRESSING.index(item.tier), item.title)
        for item in _said(answer.guidance)
        if item.tier in _PRESSING and not (item.action is not None and actions[item.action].not_while_at_risk)
    )
    return min(said, key=lambda one: one[0], default=(_CALM, "nothing"))


def _said(guidance: Guidance) -> Iterator[Item]:
    yield from (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then)


def _urgency(promise: Promise, before: Answer, after: Answer) -> Iterator[str]:
    (was, by), (now, instead) = urgency(before), urgency(after)
    broken = {Word.NEVER_FALLS: now > was, Word.NEVER_RISES: now < was, Word.SAME: now != was}
    if broken[promise.word]:
        yield (
            f"The most pressing thing said was of the tier {_tier(was)} (“{by}”), and is now of the tier {_tier(now)} "
            f"(“{instead}”)."
        )


def _tier(rank: int) -> str:
    return "none that presses" if rank == _CALM else _PRESSING[rank].value


# ---- What is there, and what is not


def _members(promise: Promise, was: Mapping[str, str], now: Mapping[str, str], kind: str) -> Iterator[str]:
    """Yield what came or went although it must not; names with what they are called."""
    if promise.word in (Word.NEVER_REMOVED, Word.SAME):
        yield from (f"{kind} “{title}” ({name}) was there, and no longer is." for name, title in _only(was, now))
    if promise.word in (Word.NEVER_ADDED, Word.SAME):
        yield from (f"{kind} “{title}” ({name}) was not there, and now is." for name, title in _only(now, was))


def _only(these: Mapping[str, str], not_those: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, title) for name, title in these.items() if name not in not_those)


def _safety_items(promise: Promise, before: Answer, after: Answer) -> Iterator[str]:
    def items(answer: Answer) -> Mapping[str, str]:
        rules = answer.program.library.by_id
        named = (name for item in answer.guidance.safety for name in (item.rule.id, *item.also))
        return {name: rules[name].title for name in named}

    yield from _members(promise, items(before), items(after), "The safety item")


def _cautions(promise: Promise, before: Answer, after: Answer) -> Iterator[str]:
    def cautions(answer: Answer) -> Mapping[str, str]:
        return {str(promise.name): _action(answer, promise)} if any(_cautioning(answer, promise)) else {}

    yield from _members(promise, cautions(before), cautions(after), "A caution on")


def _cautioning(answer: Answer, promise: Promise) -> Iterator[Rule]:
    for rule in _active(answer):
        if rule.verb is Verb.CAUTIONS and rule.target == promise.name and answer.rules[rule.id] is True:
            yield rule


def _recommendations(promise: Promise, before: Answer, after: Answer) -> Iterator[str]:
    def recommended(answer: Answer) -> Mapping[str, str]:
        given = {item.action for item in _said(answer.guidance) if item.verb is Verb.RECOMMENDS}
        return {str(promise.name): _action(answer, promise)} if promise.name in given else {}

    yield from _members(promise, recommended(before), recommended(after), "The recommendation of")


def _action(answer: Answer, promise: Promise) -> str:
    return answer.program.library.vocabulary.actions[str(promise.name)].name


def _findings(promise: Promise, before: Answer, after: Answer) -> Iterator[str]:
    def found(answer: Answer) -> Mapping[str, str]:
        name = str(promise.name)
        return {name: name} if answer.findings.get(name) is True else {}

    yield from _members(promise, found(before), found(after), "The finding")


# ---- Conclusions


def _conclusions(promise: Promise, before: Answer, after: Answer) -> Iterator[str]:
    if promise.word is Word.ONLY_AGE:
        yield from _not_by_age(before, after)
        return
    for rule in _active(after):
        was, now = before.rules[rule.id], after.rules[rule.id]
        missing = _missing(rule, after) if now is None else {}
        if was is now or (
            promise.word is Word.NEVER_UNDECIDED and (now is not None or _is_about_it(rule, before, after))
        ):
            continue
        because = f": {next(iter(missing.values())).because}" if missing else ""
        yield f"“{rule.title}” ({rule.id}) {_OUTCOMES[was]}, and now {_OUTCOMES[now]}{because}."


_OUTCOMES: Final[Mapping[Truth, str]] = {True: "held", False: "did not hold", None: "cannot be decided"}


def _missing(rule: Rule, answer: Answer) -> Mapping[FactKey, Unknown]:
    """Return what is not known of the facts by which a rule could be decided."""
    leaves = [leaf for leaf in leaves_of(rule) if not isinstance(leaf, FindingTest)]
    undecided = [leaf for leaf in leaves if _truth(leaf, answer.facts) is None]
    measured = {key: answer.facts.get(key) for leaf in undecided for key in keys_of(leaf)}
    return {key: one for key, one in measured.items() if isinstance(one, Unknown)}


def _is_about_it(rule: Rule, before: Answer, after: Answer) -> bool:
    """Whether a conclusion rests on what was recorded in another way than by knowing more.

    A fact was known and no longer is what it was: new evidence. A fact is not known for
    another reason: one question led to the next. Or the rule was silent until something
    would be known (`known`), and now it is.
    """
    leaves = fact_leaves(after.program, rule)
    if any(_moved(before.facts.get(key), after.facts.get(key)) for leaf in leaves for key in keys_of(leaf)):
        return True
    waited_for = (leaf for leaf in leaves if isinstance(leaf, KnownTest) and not _truth(leaf, before.facts))
    return before.rules[rule.id] is False and any(_truth(leaf, after.facts) for leaf in waited_for)


def _moved(was: Measured, now: Measured) -> bool:
    if isinstance(was, Known):
        return not isinstance(now, Known) or was.value != now.value
    return isinstance(now, Unknown) and was.because != now.because


def _not_by_age(before: Answer, after: Answer) -> Iterator[str]:
    """Yield the conclusions that a later day changed by something that no clock moves."""
    lexicon = program_lexicon(after.program)
    for rule in _active(after):
        if before.rules[rule.id] is after.rules[rule.id]:
            continue
        for leaf in dict.fromkeys(leaves_of(rule)):
            if isinstance(leaf, FindingTest) or _truth(leaf, before.facts) is _truth(leaf, after.facts):
                continue
            if not any(_ages(key_spec(after, leaf, place), leaf, before, after, place) for place in _places(leaf)):
                yield (
                    f"“{rule.title}” ({rule.id}) comes out otherwise on the later day, by what does not age: "
                    f"“{in_words(leaf, lexicon)}”."
                )


def _places(leaf: Leaf) -> range:
    return range(len(keys_of(leaf)))


def key_spec(answer: Answer, leaf: Leaf, place: int) -> FactSpec:
    """Return the declaration of one of the facts that a leaf reads."""
    return answer.program.catalogue[keys_of(leaf)[place].name]


def _ages(spec: FactSpec, leaf: Leaf, before: Answer, after: Answer, place: int) -> bool:
    """Whether a fact can move with the day alone: a time that runs, a window that goes along, a value that grew old.

    That something is no longer known can only be age, where nothing new is on record.
    """
    key = keys_of(leaf)[place]
    if spec.kind is Kind.ELAPSED or key.over is not None or spec.over != "never":
        return True
    match leaf:
        case FactTest(operator="within" | "older_than"):
            return True
        case Done(within=within) | Declined(within=within) if within is not None:
            return True
        case _:
            was, now = before.facts.get(key), after.facts.get(key)
            return isinstance(now, Unknown) or (spec.unit in _TIMES and _grew(was, now))


_TIMES: Final = frozenset({"years", "days", "usual intervals"})
"""Units of numbers that count a time that runs on."""


def _grew(was: Measured, now: Measured) -> bool:
    values = [one.value for one in (was, now) if isinstance(one, Known)]
    numbers = [one for one in values if isinstance(one, (int, float))]
    return len(numbers) == 2 and numbers[0] < numbers[1]


def _active(answer: Answer) -> Iterator[Rule]:
    return (rule for rule in answer.program.rules if rule.status is Status.ACTIVE)


# ---- Everything


def _guidance(_: Promise, before: Answer, after: Answer) -> Iterator[str]:
    was, now = told(before.guidance), told(after.guidance)
    yield from (f"It said “{line}”, and no longer does." for line in was if line not in now)
    yield from (f"It did not say “{line}”, and now does." for line in now if line not in was)
    if was != now and set(was) == set(now):
        yield "It says the same in another order."


def told(guidance: Guidance) -> tuple[str, ...]:
    """Return all that guidance says, a line each, in the order in which it is said."""
    lines = [f"finding {one.finding}: {_TRUTHS[one.truth]}" for one in guidance.findings]
    lines += [f"{item.standing.value}: {item.title} ({item.rule.id}): {item.text}" for item in _said(guidance)]
    lines += [f"settled: {step.words}" for step in guidance.pathway.settled]
    lines += [f"on {one.action}: {one.words}" for one in guidance.proposals]
    lines += [f"not known for {one.rule}" for one in guidance.undecided]
    return (*lines, *([guidance.risk_line] if guidance.risk_line else []), *guidance.notices)


_TRUTHS: Final[Mapping[Truth, str]] = {True: "true", False: "false", None: "unknown"}

_COMPARED: Final[Mapping[str, Callable[[Promise, Answer, Answer], Iterator[str]]]] = {
    "urgency": _urgency,
    "safety_items": _safety_items,
    "cautions_on": _cautions,
    "recommendations": _recommendations,
    "findings": _findings,
    "conclusions": _conclusions,
    "guidance": _guidance,
}
