"""Slips for people and for programs: how many the cases notice, and in words which they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from cdsrules.model.rulebook import Library
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.mutation import slips as kinds
from cdsrules.testing.mutation.bench import Judged
from cdsrules.testing.reports.shares import Share, table

ORDER: Final = "order of actions"
"""Under what the slips in the order of actions stand, which belongs to no rulebook."""

KINDS: Final[Mapping[str, str]] = {
    kinds.THRESHOLD: "a number moved by a step",
    kinds.COMPARISON: "a comparison turned",
    kinds.JUNCTION: "all taken for any",
    kinds.LEFT_OUT: "a clause left out",
    kinds.DENIED: "a clause turned into its opposite",
    kinds.SWAPPED: "one name for another",
    kinds.WINDOW: "a window changed",
    kinds.ATTRIBUTE: "a plan that says otherwise",
    kinds.EXCEPTION: "an exception forgotten",
    kinds.LIFTING: "what lifts a caution forgotten",
    kinds.TIER: "another tier",
    kinds.PRIORITY: "another priority",
    kinds.ORDER: "another order of steps",
}
"""What each kind of slip is called in a report for people."""


@dataclass(frozen=True, slots=True)
class Slips:
    """What became of the slips in one rulebook."""

    judged: tuple[Judged, ...]

    @property
    def survivors(self) -> tuple[Judged, ...]:
        """The slips that no case notices, though one could as far as is known."""
        return tuple(one for one in self.judged if one.survives)

    @property
    def equivalent(self) -> tuple[Judged, ...]:
        """The slips that are proved to change nothing."""
        return tuple(one for one in self.judged if one.equivalent is not None)

    @property
    def score(self) -> Share:
        """How many of the slips that change something are noticed."""
        whole = len(self.judged) - len(self.equivalent)
        return Share(whole - len(self.survivors), whole)


ByRulebook: TypeAlias = Mapping[str, Slips]
"""What became of the slips in each rulebook, by its id."""


def by_rulebook(judged: Iterable[Judged], library: Library) -> ByRulebook:
    """Return what became of the slips, by the rulebook they were made in."""
    found: dict[str, list[Judged]] = {}
    for one in judged:
        name = ORDER if one.mutant.rule is None else library.by_id[one.mutant.about].rulebook
        found.setdefault(name, []).append(one)
    return {name: Slips(tuple(of_book)) for name, of_book in found.items()}


def by_kind(slips: ByRulebook) -> Mapping[str, Slips]:
    """Return what became of the slips of all rulebooks, by their kind."""
    found: dict[str, list[Judged]] = {kind: [] for kind in KINDS}
    for one in (judged for of_book in slips.values() for judged in of_book.judged):
        found[one.mutant.kind].append(one)
    return {kind: Slips(tuple(of_kind)) for kind, of_kind in found.items() if of_kind}


def mutation_lines(slips: ByRulebook, *, width: int) -> Iterator[Line]:
    """Yield tables with a line a rulebook and a line a kind of slip, and below them the slips that no case notices."""
    yield Line("SLIPS MADE ON PURPOSE", Role.HEADING)
    rows = [_row(name, one) for name, one in slips.items()]
    if len(slips) > 1:
        rows.append(_row("together", Slips(tuple(judged for one in slips.values() for judged in one.judged))))
    yield from _table("", rows)
    yield Line("")
    yield from _table("by kind of slip", [_row(KINDS[kind], one) for kind, one in by_kind(slips).items()])
    for name, one in slips.items():
        yield from _listed(f"No case of {name} notices", one.survivors, width)
        yield from _listed(f"Equivalent in {name}: no case could notice", one.equivalent, width)


def _table(head: str, rows: Sequence[tuple[str, str, str, str]]) -> Iterator[Line]:
    first, *lines = table([(head, "noticed", "score", "equivalent"), *rows])
    yield Line(f"  {first}".rstrip(), Role.QUIET)
    yield from (Line(f"  {line}") for line in lines)


def _row(name: str, slips: Slips) -> tuple[str, str, str, str]:
    score = slips.score
    return name, f"{score.part} of {score.whole}", score.said, str(len(slips.equivalent))


def _listed(heading: str, judged: Sequence[Judged], width: int) -> Iterator[Line]:
    if judged:
        yield Line("")
        yield Line(f"  {heading}", Role.STRONG)
    for about, of_one in _by_what(judged).items():
        at = of_one[0].mutant.rule.at if of_one[0].mutant.rule is not None else None
        line = f", line {at.line}" if at else ""
        yield from wrapped(f"{about}{line}", first="    ", rest="    ", width=width)
        for one, again in _told_once(of_one):
            yield from wrapped(in_words(one, again=again), first="      - ", rest="        ", width=width)
            for told in one.imagined.story if one.imagined is not None and not again else ():
                yield from wrapped(told, Role.QUIET, first="          ", rest="            ", width=width)


def _by_what(judged: Iterable[Judged]) -> Mapping[str, Sequence[Judged]]:
    """Return slips by the rule or action they were made in, as written."""
    found: dict[str, list[Judged]] = {}
    for one in judged:
        found.setdefault(one.mutant.about, []).append(one)
    return found


def _told_once(judged: Sequence[Judged]) -> Iterator[tuple[Judged, bool]]:
    """Yield the slips in one rule, and whether the client each would show for was just told.

    Slips that would show for one imagined client stand together, where the first of them does.
    """
    first: dict[tuple[str, ...], int] = {}
    places = [first.setdefault(one.imagined.story, at) if one.imagined else at for at, one in enumerate(judged)]
    for at in sorted(range(len(judged)), key=places.__getitem__):
        yield judged[at], places[at] < at


def in_words(one: Judged, *, again: bool = False) -> str:
    """Return what became of a slip that no case notices, as a sentence; `again` where its client was just told."""
    if one.equivalent is not None:
        return f"{one.mutant.words} changes nothing: {one.equivalent}"
    if again:
        return f"{one.mutant.words} breaks no case; it would show for the same client as above"
    if one.imagined is not None:
        return f"{one.mutant.words} breaks no case; it would show for a client like this:"
    if one.shows_for is None:
        return f"{one.mutant.words} breaks no case"
    return f"{one.mutant.words} breaks no case; it would show for the client of “{one.shows_for}”"


def mutation_document(slips: ByRulebook) -> list[dict[str, object]]:
    """Return what became of the slips as JSON values, a group a rulebook."""
    return [
        {
            "rulebook": None if name == ORDER else name,
            "slips": len(one.judged),
            "noticed": one.score.part,
            "of": one.score.whole,
            "percent": round(one.score.percent, 2),
            "kinds": [
                {"kind": kind, "noticed": of.score.part, "of": of.score.whole}
                for kind, of in by_kind({name: one}).items()
            ],
            "survivors": [_survivor(judged) for judged in one.survivors],
            "equivalent": [{**_told(judged), "reason": judged.equivalent} for judged in one.equivalent],
        }
        for name, one in slips.items()
    ]


def _told(one: Judged) -> dict[str, object]:
    return {"about": one.mutant.about, "kind": one.mutant.kind, "part": one.mutant.part, "words": one.mutant.words}


def _survivor(one: Judged) -> dict[str, object]:
    client = one.imagined and {**one.imagined.document, "as_of": one.imagined.as_of.isoformat()}
    return {**_told(one), "shows_for": one.shows_for, "client": client}


class Told(NamedTuple):
    """The slips in one rule, or in what one action waits for and follows, that no case notices, in words.

    `equivalent` are those of which it is proved that no case could, with the proof.
    """

    survivors: tuple[str, ...] = ()
    equivalent: tuple[str, ...] = ()


def told_by_rule(slips: ByRulebook) -> Mapping[str, Told]:
    """Return the slips that no case notices, by the rule or action they were made in, as written."""
    unnoticed = (judged for of_book in slips.values() for judged in of_book.judged if judged.noticed_by is None)
    return {about: _told_of(of_one) for about, of_one in _by_what(unnoticed).items()}


def _told_of(judged: Sequence[Judged]) -> Told:
    survivors = _told_once([one for one in judged if one.survives])
    return Told(
        tuple(_with_story(one, again=again) for one, again in survivors),
        tuple(in_words(one) for one in judged if not one.survives),
    )


def _with_story(one: Judged, *, again: bool) -> str:
    told = one.imagined.story if one.imagined is not None and not again else ()
    return " ".join([in_words(one, again=again), "; ".join(told)]).strip()


def scores_below(slips: ByRulebook, percent: float) -> Iterator[str]:
    """Yield the scores that are under a share, a clause each."""
    for name, one in slips.items():
        if one.score.percent < percent:
            yield f"{name}, slips noticed: {one.score.said}"
    for kind, one in by_kind(slips).items():
        if one.score.percent < percent:
            yield f"{KINDS[kind]}, slips noticed: {one.score.said}"
